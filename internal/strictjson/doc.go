// Package strictjson reads JSON that comes from outside: [Decode] the settings a
// person writes, [Scanner] any text, value by value. Both refuse what
// encoding/json lets pass - repeated and differently cased keys, null for a
// number, text that is not UTF-8, half of a surrogate pair - and say where the
// fault is.
package strictjson
