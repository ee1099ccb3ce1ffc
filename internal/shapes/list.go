package shapes

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/internal/fixture"
)

// List is the shapes a test is to run, and how many lines are not among them
// for which reason.
type List struct {
	Shapes  []Shape
	skipped map[string]int
}

// Convolutions reads the convolutions for this test run. Where other projects'
// test data is absent the test is skipped.
func Convolutions(t testing.TB) *List {
	t.Helper()
	return read(t, "conv", mostConvolutions)
}

// Pools does the same for pools.
func Pools(t testing.TB) *List {
	t.Helper()
	return read(t, "pool", mostPools)
}

// Log states the counts.
func (l *List) Log(t testing.TB) {
	t.Helper()
	var reasons []string
	for _, reason := range slices.Sorted(maps.Keys(l.skipped)) {
		reasons = append(reasons, fmt.Sprintf("%d %s", l.skipped[reason], reason))
	}
	t.Logf("%d shapes ran, of at most %.0e multiply-adds; lines skipped: %s", len(l.Shapes), float64(mostWork), strings.Join(reasons, ", "))
}

// read reads a folder of lists and keeps at most so many shapes.
func read(t testing.TB, kind string, most int) *List {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(fixture.Outside(t), "shapes", "onednn", kind, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(paths) == 0 {
		t.Skipf("other projects' shapes are not here: ../shared/corpus/outside/shapes/onednn/%s", kind)
	}
	l, seen := &List{skipped: map[string]int{}}, map[Shape]bool{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for row := range strings.Lines(string(text)) {
			if err := l.add(row, kind == "pool", seen); err != nil {
				t.Fatalf("%s: %v", filepath.Base(path), err)
			}
		}
	}
	l.spread(most)
	return l
}

// add adds the shape of a line, if it is a new one.
func (l *List) add(row string, pool bool, seen map[Shape]bool) error {
	words := strings.Fields(row)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	if strings.HasPrefix(words[0], "--") { // an option: how memory is laid out
		if words = words[1:]; len(words) == 0 {
			return nil
		}
	}
	fields, err := parseLine(words[0])
	if err != nil {
		return err
	}
	s, reason := fields.shape(pool)
	if reason == "" {
		var ok bool
		if s, ok = s.cut(mostWork); !ok {
			reason = "too big however it is cut"
		} else if seen[s] {
			reason = "the same as others once cut"
		}
	}
	if reason != "" {
		l.skipped[reason]++
		return nil
	}
	seen[s] = true
	l.Shapes = append(l.Shapes, s)
	return nil
}

// spread leaves at most n shapes, spread evenly over the list.
func (l *List) spread(n int) {
	all := l.Shapes
	if len(all) <= n {
		return
	}
	l.Shapes = make([]Shape, n)
	for i := range n {
		l.Shapes[i] = all[i*len(all)/n]
	}
	l.skipped["left to a longer run"] = len(all) - n
}
