package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// convolution is the geometry of a window over images x with results y.
func convolution(w op.Window, x, y graph.Shape) *kernel.Conv2d {
	return &kernel.Conv2d{
		C: x[1], H: x[2], W: x[3], K: y[1], R: w.Kernel[0], S: w.Kernel[1],
		StrideH: w.Stride[0], StrideW: w.Stride[1], Top: w.Padding.Top, Left: w.Padding.Left,
		OutH: y[2], OutW: y[3],
	}
}

func conv2d(o op.Conv2dOp, t types) (binding, bool) {
	g := convolution(o.Window, t.in[0].Shape, t.out.Shape)
	return binding{kernel: "conv2d", class: mapped, run: func(c *call) {
		var bias []float32
		if len(c.in) == 3 {
			bias = c.in[2]
		}
		for i := range c.groups {
			g.Forward(c.group(c.out, i), c.group(c.in[0], i), c.in[1], bias, 0, g.K)
		}
	}}, true
}

func conv2dDataGradient(o op.Conv2dDataGradientOp, t types) (binding, bool) {
	g := convolution(o.Window, t.out.Shape, t.in[1].Shape)
	return binding{kernel: "conv2d_data_gradient", class: mapped, run: func(c *call) {
		for i := range c.groups {
			g.DataGradient(c.group(c.out, i), c.in[0], c.group(c.in[1], i), 0, g.C)
		}
	}}, true
}

func conv2dWeightGradient(o op.Conv2dWeightGradientOp, t types) (binding, bool) {
	g := convolution(o.Window, t.in[0].Shape, t.in[1].Shape)
	return binding{kernel: "conv2d_weight_gradient", class: reduced, run: func(c *call) {
		for i := range c.groups {
			g.WeightGradient(c.out, c.group(c.in[0], i), c.group(c.in[1], i), 0, g.K)
		}
	}}, true
}
