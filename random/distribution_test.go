package random

import (
	"math"
	"math/big"
	"math/bits"
	"testing"
)

func TestIntNIsFrozen(t *testing.T) {
	for _, test := range []struct {
		n    int
		want []int
	}{
		{1000, []int{422, 997, 851, 836, 840, 654, 761, 163}},
		// A quarter of all draws is rejected for this n.
		{3 << 61, []int{5889078346001732377, 5817460160588877234, 4526814847101286809, 5264946883501793021, 1133478726133629207, 2299554749999082653}},
	} {
		r := New(1, "shuffle", 1)
		for i, w := range test.want {
			if got := r.IntN(test.n); got != w {
				t.Errorf("IntN(%d), draw %d: expected %d, got %d", test.n, i, w, got)
			}
		}
	}
}

func TestIntNRefusesEmptyRange(t *testing.T) {
	for _, n := range []int{0, -1, math.MinInt} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("IntN(%d): expected a panic, got a value", n)
				}
			}()
			New(1, "").IntN(n)
		}()
	}
}

// TestUniformity compares counts with equal expectation by Pearson's chi-squared. The streams are fixed, so the test
// gives the same verdict each time; the bound is the mean plus five standard deviations.
func TestUniformity(t *testing.T) {
	const draws = 200_000
	for _, test := range []struct {
		name  string
		cells int
		draw  func(*Stream) int
	}{
		{"IntN(7)", 7, func(r *Stream) int { return r.IntN(7) }},
		{"IntN(1000)", 1000, func(r *Stream) int { return r.IntN(1000) }},
		{"IntN(3<<61) by thirds", 3, func(r *Stream) int { return r.IntN(3<<61) >> 61 }},
		{"Float64", 100, func(r *Stream) int { return int(r.Float64() * 100) }},
		{"Uniform", 64, func(r *Stream) int { return int((r.Uniform(-2, 2) + 2) * 16) }},
		{"first of Perm(5)", 5, func(r *Stream) int { p := make([]int32, 5); r.Perm(p); return int(p[0]) }},
		{"order of Perm(4)", 256, func(r *Stream) int {
			p := make([]int32, 4)
			r.Perm(p)
			return int(p[0]<<6 | p[1]<<4 | p[2]<<2 | p[3])
		}},
		{"low bits", 256, func(r *Stream) int { return int(r.Uint64() & 255) }},
	} {
		r := New(1, "uniformity")
		counts := make([]float64, test.cells)
		for range draws {
			counts[test.draw(r)]++
		}
		cells := float64(test.cells)
		if test.name == "order of Perm(4)" {
			cells = 24 // the other codes are no permutations
		}
		expect, chi, used := draws/cells, 0.0, 0
		for _, c := range counts {
			if c > 0 {
				chi += (c - expect) * (c - expect) / expect
				used++
			}
		}
		if limit := cells - 1 + 5*math.Sqrt(2*(cells-1)); chi > limit || float64(used) != cells {
			t.Errorf("%s: expected %v cells with chi-squared below %.1f, got %d cells with %.1f", test.name, cells, limit, used, chi)
		}
	}
}

// Streams that differ in a key by one must look unrelated: about half of the bits differ.
func TestNeighbouringKeysAreUnrelated(t *testing.T) {
	differ := 0
	for key := range uint64(1000) {
		differ += bits.OnesCount64(New(1, "shuffle", key).Uint64() ^ New(1, "shuffle", key+1).Uint64())
	}
	if differ < 31_400 || differ > 32_600 {
		t.Errorf("expected about 32000 of 64000 bits to differ, got %d", differ)
	}
}

func TestFloat64IsTheUpper53Bits(t *testing.T) {
	a, b := New(9, "float"), New(9, "float")
	for range 1000 {
		f := a.Float64()
		want, _ := new(big.Float).SetMantExp(new(big.Float).SetUint64(b.Uint64()>>11), -53).Float64()
		if f != want || f < 0 || f >= 1 {
			t.Fatalf("expected %v in [0, 1), got %v", want, f)
		}
	}
}

func TestUniformStaysInside(t *testing.T) {
	r := New(9, "uniform")
	for range 10_000 {
		if v := r.Uniform(-1.0/3, 1.0/3); v < -1.0/3 || v >= 1.0/3 {
			t.Fatalf("expected a value in [-1/3, 1/3), got %v", v)
		}
	}
	if v := r.Uniform(2, 2); v != 2 {
		t.Errorf("expected 2 from an empty interval, got %v", v)
	}
}

func BenchmarkPerm(b *testing.B) {
	out := make([]int32, 60_000)
	for b.Loop() {
		New(1, "shuffle", 1).Perm(out)
	}
}
