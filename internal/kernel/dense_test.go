package kernel

import (
	"fmt"
	"testing"

	"gradus/random"
)

func TestDenseAgreesWithPortableCode(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(3, "dense")
		for range 100 {
			in, out, groups := 1+r.IntN(70), 1+r.IntN(20), 1+r.IntN(6)
			x, dy := integers(r, groups*in*Lanes), integers(r, groups*out*Lanes)
			w, bias := integers(r, in*out), integers(r, out)
			d, p := NewDense(in, out, isa), NewDense(in, out, Portable)
			what := fmt.Sprintf("%d to %d, %d groups: ", in, out, groups)

			got, want := integers(r, groups*out*Lanes), make([]float32, groups*out*Lanes)
			d.Forward(got, x, w, bias, groups, 0, out)
			p.Forward(want, x, w, bias, groups, 0, out)
			same(t, what+"forward", got, want)

			got, want = integers(r, groups*in*Lanes), make([]float32, groups*in*Lanes)
			d.DataGradient(got, w, dy, make([]float32, d.DataScratch(groups)), groups, 0, in)
			p.DataGradient(want, w, dy, nil, groups, 0, in)
			same(t, what+"data gradient", got, want)

			got, want = make([]float32, in*out), make([]float32, in*out)
			d.WeightGradient(got, x, dy, make([]float32, d.WeightScratch(groups)), groups, 0, in)
			p.WeightGradient(want, x, dy, nil, groups, 0, in)
			same(t, what+"weight gradient", got, want)
		}
	})
}
