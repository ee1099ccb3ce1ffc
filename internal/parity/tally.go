package parity

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"gradus/device"
	"gradus/internal/fixture"
)

// outsideBound is how far results may be from other projects' literals, which
// are float32 or rounded to a few digits.
var outsideBound = fixture.Bound{Relative: 1e-5}

// tally counts which cases of another project's test suite ran, and why the
// others did not.
type tally struct {
	ran     int
	skipped map[string]int
}

// skip counts a case that did not run.
func (y *tally) skip(reason string) {
	if y.skipped == nil {
		y.skipped = map[string]int{}
	}
	y.skipped[reason]++
}

// run executes a case and compares its outputs with the expected ones.
func (y *tally) run(t *testing.T, name string, c computation, dev device.Device, p Precision, want map[string][]float64) {
	t.Helper()
	y.ran++
	got, err := c.run(dev, p)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	for _, output := range slices.Sorted(maps.Keys(want)) {
		if err := outsideBound.Check(got[output], want[output]); err != nil {
			t.Errorf("%s: %s: %v", name, output, err)
		}
	}
}

// report states the counts. Fewer cases than least are a failure: a suite that
// silently stops running tests nothing.
func (y *tally) report(t *testing.T, what string, least int) {
	t.Helper()
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(y.skipped)) {
		reasons = append(reasons, fmt.Sprintf("%d %s", y.skipped[reason], reason))
	}
	t.Logf("%s: %d cases ran; skipped: %s", what, y.ran, strings.Join(reasons, ", "))
	if y.ran < least {
		t.Errorf("%s: expected at least %d cases to run, got %d", what, least, y.ran)
	}
}

// readCases reads the list named cases of a JSON file.
func readCases[T any](t *testing.T, path string) []T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fixture.JSON[struct{ Cases []T }](t, text).Cases
}
