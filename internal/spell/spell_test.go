package spell

import "testing"

func TestNearest(t *testing.T) {
	words := []string{"net", "depth", "kernel", "batch", "momentum", "schedule", "lr", "learning_rate", "epochs"}
	for _, test := range []struct{ word, want string }{
		{"learing_rate", "learning_rate"},
		{"momentm", "momentum"},
		{"Momentum", "momentum"},
		{"epoch", "epochs"},
		{"kernle", "kernel"},
		{"batch-size", "batch"},
		{"lt", "lr"},
		{"dept", "depth"},
		{"optimizer", ""},
		{"x", ""},
		{"", ""},
	} {
		if got, ok := Nearest(test.word, words); got != test.want || ok != (test.want != "") {
			t.Errorf("%q: expected %q, got %q, %v", test.word, test.want, got, ok)
		}
	}
}

func TestDistance(t *testing.T) {
	for _, test := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"abc", "", 3},
		{"", "abc", 3},
		{"kitten", "sitting", 3},
		{"ca", "ac", 1},
		{"ca", "abc", 3},
	} {
		if got := distance(test.a, test.b); got != test.want {
			t.Errorf("%s to %s: expected %d, got %d", test.a, test.b, test.want, got)
		}
	}
}
