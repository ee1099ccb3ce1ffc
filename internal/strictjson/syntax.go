package strictjson

import (
	"bytes"
	"encoding/json"
	"strings"
	"unicode/utf8"
)

// checkSyntax refuses what is not one JSON object in UTF-8.
func checkSyntax(text []byte) error {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return fault(text, 0, "expected {, got a byte order mark; save the file as UTF-8 without it")
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return fault(text, i, "expected UTF-8, got the byte 0x%02x", text[i])
		}
		i += size
	}
	start := skip(text, 0, blanks)
	if start == len(text) {
		return fault(text, start, "expected {, got the end of the file")
	}
	if err := json.Unmarshal(text, new(json.RawMessage)); err != nil {
		return syntaxFault(text, err.(*json.SyntaxError))
	}
	if text[start] != '{' {
		return fault(text, start, "expected {, got %.40s", kind(bytes.TrimSpace(text)))
	}
	return nil
}

// syntaxFault words a syntax error of encoding/json, whose offset is behind the
// character it complains of.
func syntaxFault(text []byte, e *json.SyntaxError) error {
	at := max(0, int(e.Offset)-1)
	if strings.HasPrefix(e.Error(), "unexpected end") {
		return fault(text, len(text), "expected more, got the end of the file")
	}
	hint := ""
	before := bytes.TrimRight(text[:at], blanks)
	if c := text[at]; (c == '}' || c == ']') && bytes.HasSuffix(before, []byte(",")) {
		hint = "; remove the comma before it"
	}
	where := strings.TrimPrefix(e.Error()[strings.LastIndex(e.Error(), "' ")+1:], " ")
	return fault(text, at, "expected valid JSON, got %q %s%s", firstRune(text[at:]), where, hint)
}

func firstRune(text []byte) rune {
	r, _ := utf8.DecodeRune(text)
	return r
}

const blanks = " \t\r\n"

// skip returns the first offset from at on whose byte is not one of set.
func skip(text []byte, at int, set string) int {
	for at < len(text) && strings.IndexByte(set, text[at]) >= 0 {
		at++
	}
	return at
}

// member is a key and a value of an object, with their offsets.
type member struct {
	key         string
	at, valueAt int
	value       []byte
}

// members lists what is in the object. The text has been checked, so nothing
// here can fail.
func members(text []byte) []member {
	d := json.NewDecoder(bytes.NewReader(text))
	d.Token() // the brace
	var list []member
	for d.More() {
		m := member{at: skip(text, int(d.InputOffset()), blanks+",")}
		token, _ := d.Token()
		m.key = token.(string)
		m.valueAt = skip(text, int(d.InputOffset()), blanks+":")
		var raw json.RawMessage
		d.Decode(&raw)
		m.value = raw
		list = append(list, m)
	}
	return list
}
