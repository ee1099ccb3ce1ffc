package cpu

import (
	"math"
	"slices"
	"testing"

	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/optest"
	"gradus/op"
	"gradus/random"
)

// NaN, infinities, -0 and denormal numbers go through every operation and its
// gradients as they do through the reference, with every instruction set. But for one
// thing: the lanes without a sample hold the first one's numbers, and their gradients are
// 0, so that a sum over the batch is a NaN where an infinity of that sample alone makes
// it infinite. The guard refuses both.
func TestL06SpecialNumbers(t *testing.T) {
	special := []float64{math.NaN(), math.Inf(1), math.Inf(-1), math.Copysign(0, -1), 1e-45, -1e-40}
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		dev := New(Options{Threads: 2, ISA: isa, poison: true})
		for _, o := range graph.NewTable(op.Operations()) {
			t.Run(o.Name(), func(t *testing.T) {
				r := random.New(6, "special", uint64(len(o.Name())))
				for _, c := range optest.Cases(o.Name(), r) {
					for i, in := range c.Inputs {
						if in.Fixed || in.Type.DType != graph.Float32 || len(in.Data) == 0 {
							continue
						}
						in.Data = slices.Clone(in.Data)
						in.Data[r.IntN(len(in.Data))] = special[r.IntN(len(special))]
						c.Inputs[i] = in
					}
					compareCase(t, dev, c, orNaN)
				}
			})
		}
	})
}

// orNaN wants what is wanted, or a NaN in place of an infinity.
func orNaN(got, want []float32) []float32 {
	want = slices.Clone(want)
	for i, w := range want {
		if math.IsInf(float64(w), 0) && got[i] != got[i] {
			want[i] = got[i]
		}
	}
	return want
}
