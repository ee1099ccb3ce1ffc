package main

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"gradus/data/fetch"
)

// Where there is no terminal, a line is written now and then.
func TestTransfersInAPipe(t *testing.T) {
	var out strings.Builder
	bar := newTransfers(&out)
	bar.report(fetch.Progress{Name: "a.gz", Done: 1_000_000, Total: 4_000_000})
	if out.String() != "" {
		t.Errorf("expected nothing at first, got %q", out.String())
	}
	bar.start = bar.start.Add(-10 * time.Second)
	for _, done := range []int64{2_000_000, 2_500_000} { // the second one comes at once
		bar.report(fetch.Progress{Name: "a.gz", Done: done, Total: 4_000_000})
		bar.last = bar.last.Add(-betweenLines)
	}
	bar.report(fetch.Progress{Name: "b.gz", Done: 500_000})
	bar.clear()
	want := regexp.MustCompile(`^gradus: a\.gz: 2\.5 MB of 4\.0 MB, ETA 10s\ngradus: b\.gz: 0\.5 MB\n$`)
	if !want.MatchString(out.String()) {
		t.Errorf("expected %s, got %q", want, out.String())
	}
}
