// Package strictjson reads the JSON a person writes: a flat object of settings.
// It refuses what encoding/json lets pass - unknown, misspelt, repeated and
// differently cased keys, null, invalid text - and says on which line and in
// which column the fault is.
package strictjson
