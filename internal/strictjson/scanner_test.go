package strictjson_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"gradus/internal/strictjson"
)

// scan reads one value of any kind and the end of the text.
func scan(text string) (string, error) {
	s := strictjson.NewScanner(text)
	value, err := s.Skip()
	if err != nil {
		return "", err
	}
	return value, s.End()
}

func TestScannerReads(t *testing.T) {
	for _, text := range []string{
		"0", "-0", "-12.50e+07", "1E9", "0.5", "true", "false", "null", `""`, `"é\u00e9\ud83d\ude00\"\\\/\b\f\n\r\t"`,
		"[]", "{}", "[ [1 , 2] ,\t{\"a\" :\r\n null } ]", `{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"j":10}`,
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000),
	} {
		if got, err := scan(" " + text + "\n"); err != nil || got != text {
			t.Errorf("expected %s, got %s, %v", text, got, err)
		}
	}
}

func TestScannerRefuses(t *testing.T) {
	for _, test := range []struct {
		text   string
		offset int
		want   string
	}{
		{"", 0, "expected a value, got the end of the text"},
		{"nul", 0, "expected a value, got 'n'"},
		{"nulll", 4, "expected the end of the text, got 'l'"},
		{"01", 1, "expected the end of the text, got '1'"},
		{"-", 1, "expected a digit, got the end of the text"},
		{"- 1", 1, "expected a digit, got ' '"},
		{"+1", 0, "expected a value, got '+'"},
		{"1.", 2, "expected a digit behind the point, got the end of the text"},
		{"1.e3", 2, "expected a digit behind the point, got 'e'"},
		{"1e+", 3, "expected a digit of the exponent, got the end of the text"},
		{"NaN", 0, "expected a value, got 'N'"},
		{`"a`, 2, "expected a quote that ends the string, got the end of the text"},
		{"\"a\nb\"", 2, `expected no control character in a string, got '\n'`},
		{`"\x"`, 2, `expected one of "\/bfnrtu behind the backslash, got 'x'`},
		{`"\`, 2, "expected a character behind the backslash, got the end of the text"},
		{`"\u12g4"`, 1, `expected four hexadecimal digits behind \u, got other characters`},
		{`"\u12`, 1, `expected four hexadecimal digits behind \u, got other characters`},
		{`"\udc00"`, 1, `expected a pair of surrogates, got \udc00 alone`},
		{`"\ud800\u0041"`, 1, `expected a pair of surrogates, got \ud800 alone`},
		{"\"\xed\xa0\x80\"", 1, "expected UTF-8, got the byte 0xed"},
		{"[1\xff]", 2, "expected UTF-8, got the byte 0xff"},
		{"\xfe", 0, "expected UTF-8, got the byte 0xfe"},
		{"\ufeff1", 0, "expected a value, got a byte order mark"},
		{"[1 2]", 3, "expected , or ], got '2'"},
		{"[1,]", 3, "expected more behind the comma, got ']'; remove the comma"},
		{"[,1]", 1, "expected a value, got ','"},
		{"[1,", 3, "expected a value, got the end of the text"},
		{"[", 1, "expected a value, got the end of the text"},
		{"{", 1, "expected a key in quotes, got the end of the text"},
		{`{"a":1,`, 7, "expected a key in quotes, got the end of the text"},
		{`{"a" 1}`, 5, "expected :, got '1'"},
		{`{"a":}`, 5, "expected a value, got '}'"},
		{`{"a":1]`, 6, "expected , or }, got ']'"},
		{`{"a":{"b":1,"\u0062":2},"a":3}`, 12, `duplicate key "b"`},
		{`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"b":10}`, 55, `duplicate key "b"`},
		{`{"a":1,"b":2,"c":3,"d":4,"e":5,"f":6,"g":7,"h":8,"i":9,"i":10}`, 55, `duplicate key "i"`},
		{strings.Repeat("[", 100_000), 1000, "expected at most 1000 values within each other, got more"},
	} {
		_, err := scan(test.text)
		e, ok := errors.AsType[*strictjson.Error](err)
		if !ok || e.Offset != test.offset || e.Message != test.want {
			t.Errorf("%.60q: expected offset %d: %s\ngot %+v", test.text, test.offset, test.want, e)
		}
	}
}

func TestGot(t *testing.T) {
	for text, want := range map[string]string{
		"{": "an object", " [": "an array", "-1.50,": "-1.50", "true": "true", "null]": "null", "nil": "'n'", "": "the end of the text",
		`"a\n"`: `the string "a\n"`, `"a`: "a string", "-": "'-'", "\xff": "the byte 0xff",
		`"` + strings.Repeat("é", 61) + `"`: `the string "` + strings.Repeat("é", 60) + `"...`,
	} {
		if got := strictjson.NewScanner(text).Got(); got != want {
			t.Errorf("%q: expected %s, got %s", text, want, got)
		}
	}
}

// The scanner accepts no more than encoding/json does, and refuses for its own
// reasons only what is documented: repeated keys and text that is no Unicode.
func FuzzScanner(f *testing.F) {
	for _, seed := range []string{"", "[1,2.5e-3,{}]", `{"a":"\ud83d\ude00","b":[null,true]}`, `{"a":1,"a":2}`, "\"\xff\"", `"\ud800"`, "-01", "[[[["} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		err := strictjson.Check([]byte(text))
		valid := json.Valid([]byte(text))
		if err == nil && !valid {
			t.Fatalf("expected a refusal of %q, got none", text)
		}
		if err == nil {
			return
		}
		e, ok := errors.AsType[*strictjson.Error](err)
		if !ok || e.Offset < 0 || e.Offset > len(text) || strings.ContainsAny(err.Error(), "\n\r") {
			t.Fatalf("expected one line with an offset, got %v", err)
		}
		for _, ours := range []string{"duplicate key", "expected UTF-8", "pair of surrogates", "within each other"} {
			if strings.Contains(e.Message, ours) {
				return
			}
		}
		if valid {
			t.Fatalf("expected no refusal of %q, got %v", text, err)
		}
	})
}
