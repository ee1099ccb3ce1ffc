package kernel

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gradus/random"
)

// each runs a test for every instruction set of this machine.
func eachISA(t *testing.T, f func(t *testing.T, isa ISA)) {
	for _, isa := range Available() {
		t.Run(string(isa), func(t *testing.T) { f(t, isa) })
	}
}

// integers fills a slice with small whole numbers, whose sums are exact.
func integers(r *random.Stream, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.IntN(7) - 3)
	}
	return x
}

// geometries draws convolutions of all kinds.
func geometries(count int) []Conv2d {
	r := random.New(1, "geometries")
	var list []Conv2d
	for len(list) < count {
		g := Conv2d{
			C: 1 + r.IntN(9), H: 1 + r.IntN(12), W: 1 + r.IntN(12), K: 1 + r.IntN(9), R: 1 + r.IntN(5), S: 1 + r.IntN(5),
			StrideH: 1 + r.IntN(3), StrideW: 1 + r.IntN(3), Top: r.IntN(3), Left: r.IntN(3),
		}
		h, w := g.H+g.Top+r.IntN(3)-g.R, g.W+g.Left+r.IntN(3)-g.S
		if h < 0 || w < 0 {
			continue
		}
		g.OutH, g.OutW = h/g.StrideH+1, w/g.StrideW+1
		if len(list)%4 == 0 {
			g.K = Lanes * (1 + r.IntN(5)) // whole blocks of channels
		}
		list = append(list, g)
	}
	return list
}

// bandGeometries are convolutions whose weight gradients go through several bands
// of positions, parts of rows and pieces of several rows, or have output channels
// in the lanes: one block of them, two, three, and more.
func bandGeometries() []Conv2d {
	list := []Conv2d{
		{C: 9, H: 4, W: 4, K: 32, R: 3, S: 3, StrideH: 2, StrideW: 2, Top: 1, Left: 1},
		{C: 4, H: 3, W: 61, K: 16, R: 3, S: 3, StrideH: 1, StrideW: 1, Top: 1, Left: 1},
		{C: 10, H: 19, W: 5, K: 16, R: 5, S: 4, StrideH: 1, StrideW: 2, Top: 2, Left: 0},
		{C: 33, H: 5, W: 33, K: 64, R: 1, S: 2, StrideH: 2, StrideW: 1, Top: 0, Left: 1},
		{C: 40, H: 9, W: 3, K: 48, R: 1, S: 1, StrideH: 1, StrideW: 1, Top: 0, Left: 0},
		{C: 6, H: 13, W: 13, K: 5, R: 3, S: 3, StrideH: 1, StrideW: 1, Top: 1, Left: 1},
		{C: 2, H: 29, W: 17, K: 5, R: 3, S: 5, StrideH: 2, StrideW: 1, Top: 1, Left: 2},
	}
	for i := range list {
		g := &list[i]
		g.OutH, g.OutW = (g.H+2*g.Top-g.R)/g.StrideH+1, (g.W+2*g.Left-g.S)/g.StrideW+1
	}
	return list
}

// cutGeometries are a convolution of so many results that not all stay in the cache and
// of so many terms that a sum is cut, in both directions, and one of a single tap that
// has more positions than it visits at once.
var cutGeometries = []Conv2d{
	{C: 20, H: 24, W: 24, K: 20, R: 3, S: 3, StrideH: 1, StrideW: 1, Top: 1, Left: 1, OutH: 24, OutW: 24},
	{C: 5, H: 61, W: 70, K: 5, R: 1, S: 1, StrideH: 1, StrideW: 1, OutH: 61, OutW: 70},
}

func TestConvolutionsAgreeWithPortableCode(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		for i, g := range slices.Concat(geometries(300), bandGeometries(), cutGeometries) {
			t.Run(fmt.Sprint(i), func(t *testing.T) { checkConvolution(t, g, isa) })
		}
	})
}

func checkConvolution(t *testing.T, g Conv2d, isa ISA) {
	const groups = 2
	r := random.New(2, "numbers")
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	x, dy := integers(r, groups*in), integers(r, groups*out)
	w, bias := integers(r, g.K*g.C*g.R*g.S), integers(r, g.K)
	c := NewConvolution(g, isa)

	want, got := make([]float32, groups*out), integers(r, groups*out)
	for i := range groups {
		g.Forward(want[i*out:], x[i*in:], w, bias, 0, g.K)
	}
	c.Forward(got, x, w, bias, Ending{}, groups, 0, g.K)
	same(t, fmt.Sprintf("%+v forward", g), got, want)
	c.Forward(got, x, w, bias, Ending{ReLU: true}, groups, 0, g.K)
	Portable.ReLU(want, want)
	same(t, fmt.Sprintf("%+v forward and relu", g), got, want)
	for i := range groups {
		g.Forward(want[i*out:], x[i*in:], w, bias, 0, g.K)
	}
	Portable.Add(want, want, dy)
	c.Forward(got, x, w, bias, Ending{Add: dy}, groups, 0, g.K)
	same(t, fmt.Sprintf("%+v forward and add", g), got, want)
	Portable.ReLU(want, want)
	c.Forward(got, x, w, bias, Ending{Add: dy, ReLU: true}, groups, 0, g.K)
	same(t, fmt.Sprintf("%+v forward, add and relu", g), got, want)

	want, got = make([]float32, groups*in), integers(r, groups*in)
	for i := range groups {
		g.DataGradient(want[i*in:], w, dy[i*out:], 0, g.C)
	}
	c.DataGradient(got, w, dy, Ending{}, groups, 0, g.C)
	same(t, fmt.Sprintf("%+v data gradient", g), got, want)
	c.DataGradient(got, w, dy, Ending{Gate: x}, groups, 0, g.C)
	Portable.ReLUGradient(want, x, want)
	same(t, fmt.Sprintf("%+v data and relu gradient", g), got, want)
	other := integers(r, groups*in)
	for i := range groups {
		g.DataGradient(want[i*in:], w, dy[i*out:], 0, g.C)
	}
	Portable.Add(want, want, other)
	Portable.ReLUGradient(want, x, want)
	c.DataGradient(got, w, dy, Ending{Add: other, Gate: x}, groups, 0, g.C)
	same(t, fmt.Sprintf("%+v data gradient, add and relu gradient", g), got, want)
	if c.GateInPlace() {
		copy(got, x)
		c.DataGradient(got, w, dy, Ending{Add: other, Gate: got}, groups, 0, g.C)
		same(t, fmt.Sprintf("%+v data gradient over its gate", g), got, want)
	}

	want, got = make([]float32, len(w)), integers(r, len(w))
	for i := range groups {
		g.WeightGradient(want, x[i*in:], dy[i*out:], 0, g.K)
	}
	scratch := integers(r, c.Scratch())
	c.WeightGradient(got, x, dy, scratch, groups, 0, g.K)
	same(t, fmt.Sprintf("%+v weight gradient", g), got, want)
	got = integers(r, len(w))
	for k, n := 0, c.WeightChannels(); k < g.K; k += n {
		c.WeightGradient(got, x, dy, scratch, groups, k, min(k+n, g.K))
	}
	same(t, fmt.Sprintf("%+v weight gradient in parts", g), got, want)
	c.WeightGradient(got, nil, nil, nil, 0, 0, g.K)
	same(t, fmt.Sprintf("%+v weight gradient of no images", g), got, make([]float32, len(w)))
}

func same(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if got[i] != want[i] && !(math.IsNaN(float64(got[i])) && math.IsNaN(float64(want[i]))) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], want[i])
		}
	}
}
