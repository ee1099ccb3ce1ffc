package main

import (
	"strings"
	"testing"
)

// H11: a mistake of the program is a line and exit code 1.
func TestH11Panic(t *testing.T) {
	for _, test := range []struct {
		trace string
		lines func(int) bool
	}{{"", func(n int) bool { return n == 1 }}, {"1", func(n int) bool { return n > 5 }}} {
		t.Setenv("GRADUS_TRACE", test.trace)
		var stderr strings.Builder
		code := guarded(&stderr, func() int { panic("index\nout of range") })
		got := stderr.String()
		if code != 1 || !strings.HasPrefix(got, `gradus: expected to work, got an internal error: index\nout of range; `) || !test.lines(strings.Count(got, "\n")) {
			t.Errorf("expected exit code 1 and a line, got %d and %q", code, got)
		}
	}
	if code := guarded(&strings.Builder{}, func() int { return 3 }); code != 3 {
		t.Errorf("expected exit code 3, got %d", code)
	}
}
