package bench

import (
	"math"
	"testing"
)

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		samples []float64
		want    Spread
	}{
		{nil, Spread{}},
		{[]float64{3}, Spread{3, 3, 3, 1}},
		{[]float64{4, 1, 2, 9}, Spread{3, 1, 9, 4}},
		{[]float64{5, 1, 9}, Spread{5, 1, 9, 3}},
	} {
		if got := spreadOf(test.samples); got != test.want {
			t.Errorf("%v: expected %+v, got %+v", test.samples, test.want, got)
		}
	}
}

func TestLoad(t *testing.T) {
	const machine = "cpu  100 20 30 400 50 6 7 80 9 1\ncpu0 1 1 1 1 1 1 1 1 1 1\n"
	const process = "12 (a (very) odd name) R 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15"
	if got, want := parseLoad(machine, process), (load{total: 693, idle: 450, stolen: 80, own: 23}); got != want {
		t.Errorf("expected %+v, got %+v", want, got)
	}
	for _, machine := range []string{"", "cpu 1 2 3\n", "intr 1 2 3 4 5 6 7 8\n"} {
		if got := parseLoad(machine, process); got != (load{}) {
			t.Errorf("%q: expected nothing, got %+v", machine, got)
		}
	}
	if got := parseLoad(machine, "12 (short) R"); got != (load{}) {
		t.Errorf("expected nothing, got %+v", got)
	}
}

func TestNoise(t *testing.T) {
	steady := []float64{100, 101, 102, 101, 100, 101, 102, 101, 100, 101, 102}
	for _, test := range []struct {
		name   string
		after  load
		peaks  []float64
		others float64
		noisy  bool
	}{
		{"alone", load{total: 1000, idle: 500, own: 490}, steady, 0.01, false},
		{"others compute", load{total: 1000, idle: 300, own: 500}, steady, 0.2, true},
		{"stolen", load{total: 1000, idle: 400, own: 500, stolen: 100}, steady, 0, true},
		{"nothing known", load{}, steady, 0, false},
		{"peak varies", load{}, []float64{100, 80, 100, 80, 100, 80}, 0, true},
		{"one interruption", load{}, append([]float64{20}, steady...), 0, false},
		{"no peaks", load{}, nil, 0, false},
	} {
		n := noise(load{}, test.after, test.peaks)
		if n.Noisy != test.noisy || math.Abs(n.Others-test.others) > 1e-9 {
			t.Errorf("%s: expected noisy %v and %v of others, got %+v", test.name, test.noisy, test.others, n)
		}
	}
}

// Chunks cover all groups, and there are no more of them than the device makes.
func TestChunks(t *testing.T) {
	for groups := 1; groups < 40; groups++ {
		at := 0
		chunks := chunksOf(groups)
		for _, c := range chunks {
			if c.from != at || c.to <= c.from {
				t.Fatalf("%d groups: expected a chunk from %d, got %v", groups, at, c)
			}
			at = c.to
		}
		if at != groups || len(chunks) > 8 {
			t.Errorf("%d groups: expected at most 8 chunks of all of them, got %v", groups, chunks)
		}
	}
}

// In each direction of a 3x3 convolution of 14 rows with padding 1, two of the
// 3*14 taps fall on padding.
func TestLayerWork(t *testing.T) {
	l := layer{64, 64, 14, 64, 3, 1, 1}
	if got, want := l.multiplyAdds(), 64*64*64*40*40; got != want {
		t.Errorf("expected %d, got %d", want, got)
	}
	l = layer{samples: 256, in: 784, out: 512}
	if got, want := l.multiplyAdds(), 256*784*512; got != want {
		t.Errorf("expected %d, got %d", want, got)
	}
}

func TestMeasurementsHaveDifferentNames(t *testing.T) {
	seen := map[string]bool{}
	for _, m := range (Options{}).measurements() {
		if seen[m.name] {
			t.Errorf("expected one measurement %s, got two", m.name)
		}
		seen[m.name] = true
	}
}
