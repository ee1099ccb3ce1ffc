package strictjson_test

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/internal/strictjson"
)

type settings struct {
	Net      string   `json:"net"`
	Shuffle  bool     `json:"shuffle"`
	Depth    int      `json:"depth"`
	Momentum float64  `json:"momentum"`
	Seed     uint64   `json:"seed"`
	LR       *float64 `json:"lr,omitempty" also:"learning_rate rate"`
}

func TestDecode(t *testing.T) {
	got := settings{Net: "residual", Depth: 3}
	text := "\r\n{ \"net\" : \"pl\\u0061in\",\n\t\"momentum\": 7.5e-1, \"seed\":18446744073709551615,\"lr\": 0,\"shuffle\":true}\n"
	if err := strictjson.Decode([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	want := settings{Net: "plain", Shuffle: true, Depth: 3, Momentum: 0.75, Seed: math.MaxUint64, LR: new(float64)}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"", `line 1:1: expected {, got the end of the text`},
		{" \n\n ", `line 3:2: expected {, got the end of the text`},
		{"\xef\xbb\xbf{}", `line 1:1: expected {, got a byte order mark; save the file as UTF-8 without it`},
		{"{\n\"net\": \"\xff\"}", `line 2:9: expected UTF-8, got the byte 0xff`},
		{"\xff\xfe{\x00}\x00", `line 1:1: expected UTF-8, got the byte 0xff`},
		{"{\"net\": \"plain\"\x00}", `line 1:16: expected , or }, got '\x00'`},
		{"{\n  \"net\": \"plain\",\n}\n", `line 3:1: expected more behind the comma, got '}'; remove the comma`},
		{`{"net": "plain"} {}`, `line 1:18: expected the end of the text, got '{'`},
		{`{"net": "plain"`, `line 1:16: expected , or }, got the end of the text`},
		{"{'net': 1}", `line 1:2: expected a key in quotes, got '\''`},
		{"{\"net\": \"é\", depth: 1}", `line 1:14: expected a key in quotes, got 'd'`},
		{"// settings\n{}", `line 1:1: expected {, got '/'`},
		{"[]", `line 1:1: expected {, got an array`},
		{"null", `line 1:1: expected {, got null`},
		{"\"net\"", `line 1:1: expected {, got the string "net"`},
		{`{"net":` + strings.Repeat("[", 100_000), `line 1:1007: expected at most 1000 values within each other, got more`},
		{"{\n\n  \"learing_rate\": 1}", `line 3:3: unknown key "learing_rate"; did you mean "lr"?`},
		{`{"Net": "plain"}`, `line 1:2: unknown key "Net"; did you mean "net"?`},
		{`{"optimizer": "adam"}`, `line 1:2: unknown key "optimizer"`},
		{`{"depth": 1, "depth": 2}`, `line 1:14: duplicate key "depth"`},
		{`{"depth": 1, "d\u0065pth": 2}`, `line 1:14: duplicate key "depth"`},
		{"{\"net\": \"ünïcode\", \"depth\": \"1\"}", `line 1:29: depth: expected a whole number, got the string "1"`},
		{`{"depth": 1.5}`, `line 1:11: depth: expected a whole number, got 1.5`},
		{`{"depth": 1e3}`, `line 1:11: depth: expected a whole number, got 1e3`},
		{`{"depth": 9223372036854775808}`, `line 1:11: depth: expected a whole number, got 9223372036854775808`},
		{`{"shuffle": 1}`, `line 1:13: shuffle: expected true or false, got 1`},
		{`{"depth": null}`, `line 1:11: depth: expected a whole number, got null`},
		{`{"lr": null}`, `line 1:8: lr: expected a number, got null`},
		{`{"lr": 1e999}`, `line 1:8: lr: expected a number, got 1e999`},
		{`{"lr": [0.1]}`, `line 1:8: lr: expected a number, got an array`},
		{`{"seed": -1}`, `line 1:10: seed: expected a whole number of at least 0, got -1`},
		{`{"net": {}}`, `line 1:9: net: expected a string, got an object`},
		{`{"net": [1, {"a": 1, "b": [2], "a": 3}]}`, `line 1:32: duplicate key "a"`},
		{`{"net": "\ud800"}`, `line 1:10: expected a pair of surrogates, got \ud800 alone`},
		{`{"net": true}`, `line 1:9: net: expected a string, got true`},
	} {
		err := strictjson.Decode([]byte(test.text), &settings{})
		if err == nil || err.Error() != test.want {
			t.Errorf("%.60q: expected the error\n%s, got\n%v", test.text, test.want, err)
		}
	}
}

// Whatever the text, decoding returns; where it succeeds, the text is what a
// second decoding makes of it too.
func FuzzDecode(f *testing.F) {
	for _, seed := range []string{"", "{}", `{"net":"a","depth":1,"lr":0.5}`, "{\"a\":[1,{}],}", "\xef\xbb\xbf{}", `{"a\"":"\\"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var a, b settings
		err := strictjson.Decode(text, &a)
		if err != nil && strings.ContainsAny(err.Error(), "\n\r") {
			t.Errorf("expected an error on one line, got %q", err)
		}
		if again := strictjson.Decode(text, &b); (err == nil) != (again == nil) || !cmp.Equal(a, b) {
			t.Errorf("expected %+v, %v again, got %+v, %v", a, err, b, again)
		}
	})
}
