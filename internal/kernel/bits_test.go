package kernel

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"testing"

	"gradus/random"
)

// simdBits is the fingerprint of what SIMD kernels compute. An instruction set
// that gives another one breaks the promise that they all give the same bits; a
// new definition of a sum changes it for all of them, and with it the result of
// every run.
const simdBits = "7ffb6d3de81e37c413d3a39aa4ae8ca16290d378d767da41e682951014a79179"

// TestInstructionSetsGiveTheSameBits compares instruction sets that are not on
// one machine.
func TestInstructionSetsGiveTheSameBits(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		if isa == Portable {
			t.Skip("portable code rounds otherwise")
		}
		h := sha256.New()
		for _, g := range geometries(40) {
			convolutionBits(h, g, isa)
		}
		for _, g := range bandGeometries() {
			convolutionBits(h, g, isa)
		}
		// More terms than one call takes.
		convolutionBits(h, Conv2d{C: 70, H: 5, W: 5, K: 9, R: 3, S: 3, StrideH: 1, StrideW: 1, Top: 1, Left: 1, OutH: 5, OutW: 5}, isa)
		for groups := 1; groups <= 6; groups++ {
			denseBits(h, 37, 11, groups, isa)
		}
		denseBits(h, forwardTerms+14, dataTerms+12, 5, isa)
		denseBits(h, 23, 17, weightGroups+2, isa)
		elementwiseBits(h, isa)
		lossBits(h, isa)
		if got := fmt.Sprintf("%x", h.Sum(nil)); got != simdBits {
			t.Errorf("got %s, want %s", got, simdBits)
		}
	})
}

// reals fills a slice with numbers whose sums are rounded.
func reals(r *random.Stream, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.Uniform(-1, 1))
	}
	return x
}

// write adds numbers in the shortest decimal form that is theirs alone.
func write(h hash.Hash, x []float32) { fmt.Fprintln(h, x) }

func convolutionBits(h hash.Hash, g Conv2d, isa ISA) {
	const groups = 2
	r := random.New(1, "bits of a convolution")
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	x, dy := reals(r, groups*in), reals(r, groups*out)
	w, bias := reals(r, g.K*g.C*g.R*g.S), reals(r, g.K)
	c := NewConvolution(g, isa)
	y, dx, dw := make([]float32, groups*out), make([]float32, groups*in), make([]float32, len(w))
	c.Forward(y, x, w, bias, Ending{ReLU: true}, groups, 0, g.K)
	c.DataGradient(dx, w, dy, Ending{Gate: x}, groups, 0, g.C)
	c.WeightGradient(dw, x, dy, make([]float32, c.Scratch()), groups, 0, g.K)
	write(h, y)
	write(h, dx)
	write(h, dw)
}

func denseBits(h hash.Hash, in, out, groups int, isa ISA) {
	r := random.New(1, "bits of a linear layer")
	x, dy := reals(r, groups*in*Lanes), reals(r, groups*out*Lanes)
	w, bias := reals(r, in*out), reals(r, out)
	d := NewDense(in, out, isa)
	y, dx, dw := make([]float32, len(dy)), make([]float32, len(x)), make([]float32, len(w))
	d.Forward(y, x, w, bias, groups, 0, out)
	d.DataGradient(dx, w, dy, nil, make([]float32, d.DataScratch(groups)), groups, 0, in)
	d.WeightGradient(dw, x, dy, make([]float32, d.WeightScratch(groups)), groups, 0, in)
	write(h, y)
	write(h, dx)
	write(h, dw)
}

func elementwiseBits(h hash.Hash, isa ISA) {
	r := random.New(1, "bits of functions")
	a, b, y := make([]float32, 1003), reals(r, 1003), make([]float32, 1003)
	for i := range a {
		a[i] = float32(r.Uniform(-12, 12))
	}
	for _, f := range functions {
		f.run(isa, y, a, b)
		write(h, y)
	}
	var sum [1]float32
	isa.SumRows(sum[:], a, len(a)/Lanes)
	write(h, sum[:])
}

func lossBits(h hash.Hash, isa ISA) {
	cases, classes := logitCases()
	for i, c := range cases {
		x, labels, loss, dx := c[0], c[1], make([]float32, Lanes), make([]float32, len(c[0]))
		isa.CrossEntropy(loss, x, labels, classes[i])
		isa.CrossEntropyGradient(dx, x, labels, loss, classes[i])
		write(h, loss)
		write(h, dx)
	}
}
