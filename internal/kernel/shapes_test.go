package kernel

import (
	"math"
	"testing"

	"gradus/internal/shapes"
	"gradus/random"
)

// TestConvolutionShapesStayInside computes convolutions of others' shapes on
// slices that begin anywhere and have nothing usable around them: operands lie
// between NaN, and what lies around results must not change. There is one group,
// so the last numbers read are the last there are.
func TestConvolutionShapesStayInside(t *testing.T) {
	list := shapes.Convolutions(t)
	r := random.New(1, "shapes")
	for i, s := range list.Shapes {
		w, y := s.Window, s.Result()
		g := Conv2d{
			C: s.In, H: s.Height, W: s.Width, K: s.Out, R: w.Kernel[0], S: w.Kernel[1],
			StrideH: w.Stride[0], StrideW: w.Stride[1], Top: w.Padding.Top, Left: w.Padding.Left, OutH: y[2], OutW: y[3],
		}
		checkInside(t, s.String(), g, r, 1+i%5)
	}
	list.Log(t)
}

func checkInside(t *testing.T, name string, g Conv2d, r *random.Stream, offset int) {
	t.Helper()
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	x, dy, bias := amongNaN(r, in, offset), amongNaN(r, out, offset), amongNaN(r, g.K, offset)
	w := amongNaN(r, g.K*g.C*g.R*g.S, offset)
	y, dx, dw := make([]float32, out), make([]float32, in), make([]float32, len(w))
	g.Forward(y, x, w, bias, 0, g.K)
	g.DataGradient(dx, w, dy, 0, g.C)
	g.WeightGradient(dw, x, dy, 0, g.K)
	for _, isa := range Available() {
		c := NewConvolution(g, isa)
		for _, method := range []struct {
			name string
			want []float32
			run  func(got []float32)
		}{
			{"forward", y, func(got []float32) { c.Forward(got, x, w, bias, Ending{}, 1, 0, g.K) }},
			{"data gradient", dx, func(got []float32) { c.DataGradient(got, w, dy, Ending{}, 1, 0, g.C) }},
			{"weight gradient", dw, func(got []float32) {
				scratch := newBanded(c.Scratch(), offset)
				c.WeightGradient(got, x, dy, scratch.x, 1, 0, g.K)
				if len(scratch.x) > 0 {
					scratch.check(t, name+", scratch memory")
				}
			}},
		} {
			got := newBanded(len(method.want), offset)
			method.run(got.x)
			what := string(isa) + ": " + name + ": " + method.name
			got.check(t, what)
			same(t, what, got.x, method.want)
		}
	}
}

// amongNaN is n small whole numbers with NaN before and after.
func amongNaN(r *random.Stream, n, offset int) []float32 {
	all := make([]float32, offset+n+2*Lanes)
	for i := range all {
		all[i] = float32(math.NaN())
	}
	x := all[offset : offset+n : offset+n]
	copy(x, integers(r, n))
	return x
}
