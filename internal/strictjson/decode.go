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
// strings, bools, ints, uint64s and float64s, pointers to such, or structs like
// it, each with the json tag that names its key; an also tag lists other words for the key
// that an error then points out. Keys that are not in the text leave their fields as
// they are. Errors are of type *Error; the first fault of the text is reported,
// and v may then be filled in part.
func Decode(text []byte, v any) error {
	s := NewScanner(string(text))
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return s.Fault(0, "expected {, got a byte order mark; save the file as UTF-8 without it")
	}
	if err := s.decode(reflect.ValueOf(v).Elem()); err != nil {
		return err
	}
	return s.End()
}

// decode reads an object into a struct.
func (s *Scanner) decode(v reflect.Value) error {
	fields := fieldsOf(v)
	return s.Object(func(key string, at int) error {
		f, ok := fields[key]
		if !ok {
			return s.Fault(at, "unknown key %s%s", Quote(key), didYouMean(key, v.Type()))
		}
		if f.Kind() == reflect.Struct {
			return s.decode(f)
		}
		at, got := s.Offset(), s.Got()
		value, err := s.Skip()
		if err != nil {
			return err
		}
		if want := set(f, value); want != "" {
			return s.Fault(at, "%s: expected %s, got %s", key, want, got)
		}
		return nil
	})
}

// fieldsOf finds the fields of a struct by their keys.
func fieldsOf(s reflect.Value) map[string]reflect.Value {
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
func didYouMean(word string, s reflect.Type) string {
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
func set(f reflect.Value, value string) (want string) {
	if f.Kind() == reflect.Pointer {
		p := reflect.New(f.Type().Elem())
		f.Set(p)
		f = p.Elem()
	}
	switch f.Kind() {
	case reflect.String:
		want = "a string"
	case reflect.Bool:
		want = "true or false"
	case reflect.Int:
		want = "a whole number"
	case reflect.Uint64:
		want = "a whole number of at least 0"
	case reflect.Float64:
		want = "a number"
	default:
		panic("strictjson: no way to read a " + f.Kind().String())
	}
	if value == "null" || json.Unmarshal([]byte(value), f.Addr().Interface()) != nil {
		return want
	}
	return ""
}
