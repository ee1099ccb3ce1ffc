package kernel

import (
	"fmt"
	"testing"

	"gradus/random"
)

// TestAverage2x2IsAConvolution compares with the convolution it stands for, to the
// bit, on images of any parity that begin anywhere.
func TestAverage2x2IsAConvolution(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(1, "averages")
		for i := range 40 {
			h, w, planes := 2+r.IntN(9), 2+r.IntN(9), 1+r.IntN(5)
			if i == 0 {
				h, w, planes = 66, 66, 9 // of several calls
			}
			g := &Pool2d{C: planes, H: h, W: w, R: 2, S: 2, StrideH: 2, StrideW: 2, OutH: h / 2, OutW: w / 2}
			a := NewAverage2x2(g, isa)
			if a == nil {
				if isa == AVX512 || isa == AVX2 {
					t.Fatalf("%s: expected a kernel, got none", isa)
				}
				continue
			}
			c := NewConvolution(Conv2d{C: 1, H: h, W: w, K: 1, R: 2, S: 2, StrideH: 2, StrideW: 2, OutH: h / 2, OutW: w / 2}, isa)
			weights := []float32{0.25, 0.25, 0.25, 0.25}
			small, big := planes*g.OutH*g.OutW*Lanes, planes*h*w*Lanes
			x, dy := numbers(r, big), numbers(r, small)
			wantY, wantDX := make([]float32, small), make([]float32, big)
			c.Forward(wantY, x, weights, nil, Ending{}, planes, 0, 1)
			c.DataGradient(wantDX, weights, dy, Ending{}, planes, 0, 1)
			y, dx := newBanded(small, i%4), newBanded(big, i%4)
			a.Forward(y.x, x)
			a.Gradient(dx.x, dy)
			what := fmt.Sprintf("%d planes of %dx%d", planes, h, w)
			y.check(t, what)
			dx.check(t, what)
			near(t, what, y.x, wantY, wantY, 0)
			near(t, what+", gradient", dx.x, wantDX, wantDX, 0)
		}
	})
}

// TestAverage2x2RefusesOtherPools leaves them to other kernels.
func TestAverage2x2RefusesOtherPools(t *testing.T) {
	for _, g := range []Pool2d{
		{C: 1, H: 6, W: 6, R: 3, S: 3, StrideH: 3, StrideW: 3, OutH: 2, OutW: 2},
		{C: 1, H: 6, W: 6, R: 2, S: 2, StrideH: 1, StrideW: 1, OutH: 5, OutW: 5},
		{C: 1, H: 6, W: 6, R: 2, S: 2, StrideH: 2, StrideW: 2, Top: 1, Left: 1, OutH: 4, OutW: 4},
		{C: 1, H: 5, W: 5, R: 2, S: 2, StrideH: 2, StrideW: 2, OutH: 3, OutW: 3},
	} {
		if a := NewAverage2x2(&g, Available()[0]); a != nil {
			t.Errorf("%+v: expected no kernel, got one", g)
		}
	}
}
