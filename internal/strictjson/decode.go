package strictjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"gradus/internal/spell"
)

// Decode reads a JSON object into the struct that v points to. Its fields are
// strings, ints, uint64s and float64s, or pointers to such, each with the json
// tag that names its key; an also tag lists other words for the key that an
// error then points out. Keys that are not in the text leave their fields as
// they are. Errors are of type *Error; the first fault of the text is reported,
// and v may then be filled in part.
func Decode(text []byte, v any) error {
	if err := checkSyntax(text); err != nil {
		return err
	}
	fields := fieldsOf(v)
	seen := map[string]bool{}
	for _, m := range members(text) {
		f, ok := fields[m.key]
		switch {
		case !ok:
			return fault(text, m.at, "unknown key %q%s", m.key, didYouMean(m.key, v))
		case seen[m.key]:
			return fault(text, m.at, "duplicate key %q", m.key)
		}
		seen[m.key] = true
		if want := set(f, m.value); want != "" {
			return fault(text, m.valueAt, "%s: expected %s, got %.40s", m.key, want, kind(m.value))
		}
	}
	return nil
}

// fieldsOf finds the fields of the struct v points to by their keys.
func fieldsOf(v any) map[string]reflect.Value {
	s := reflect.ValueOf(v).Elem()
	fields := map[string]reflect.Value{}
	for i := range s.NumField() {
		fields[key(s.Type().Field(i))] = s.Field(i)
	}
	return fields
}

func key(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}

// didYouMean is a hint for a key that is not there.
func didYouMean(word string, v any) string {
	s := reflect.TypeOf(v).Elem()
	var words []string
	keys := map[string]string{}
	for i := range s.NumField() {
		f := s.Field(i)
		for _, w := range append([]string{key(f)}, strings.Fields(f.Tag.Get("also"))...) {
			words = append(words, w)
			keys[w] = key(f)
		}
	}
	if near, ok := spell.Nearest(word, words); ok {
		return fmt.Sprintf("; did you mean %q?", keys[near])
	}
	return ""
}

// set stores a value in a field; where it does not fit the result says what
// would.
func set(f reflect.Value, value []byte) (want string) {
	if f.Kind() == reflect.Pointer {
		p := reflect.New(f.Type().Elem())
		f.Set(p)
		f = p.Elem()
	}
	switch f.Kind() {
	case reflect.String:
		want = "a string"
	case reflect.Int:
		want = "a whole number"
	case reflect.Uint64:
		want = "a whole number of at least 0"
	case reflect.Float64:
		want = "a number"
	default:
		panic("strictjson: no way to read a " + f.Kind().String())
	}
	if bytes.Equal(value, []byte("null")) || json.Unmarshal(value, f.Addr().Interface()) != nil {
		return want
	}
	return ""
}

// kind is how an error names a value: numbers as they are, all else by what it
// is.
func kind(value []byte) string {
	switch value[0] {
	case '"':
		return "the string " + string(value)
	case '{':
		return "an object"
	case '[':
		return "an array"
	}
	return string(value)
}
