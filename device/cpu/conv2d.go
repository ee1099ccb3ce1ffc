package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// convolution prepares the kernels of a window over images x with results y.
func convolution(w op.Window, x, y graph.Shape, isa kernel.ISA) *kernel.Convolution {
	return kernel.NewConvolution(kernel.Conv2d{
		C: x[1], H: x[2], W: x[3], K: y[1], R: w.Kernel[0], S: w.Kernel[1],
		StrideH: w.Stride[0], StrideW: w.Stride[1], Top: w.Padding.Top, Left: w.Padding.Left,
		OutH: y[2], OutW: y[3],
	}, isa)
}

func conv2d(o op.Conv2dOp, relu bool, t types, isa kernel.ISA) (binding, bool) {
	k, channels := convolution(o.Window, t.in[0].Shape, t.out.Shape, isa), t.out.Shape[1]
	name := "conv2d"
	if relu {
		name += "+relu"
	}
	return binding{kernel: name, class: mapped, run: func(c *call) {
		k.Forward(c.out, c.in[0], c.in[1], c.operand(2), relu, c.groups, 0, channels)
	}}, true
}

// conv2dDataGradient has the results of a relu as a third operand where that is
// fused.
func conv2dDataGradient(o op.Conv2dDataGradientOp, t types, isa kernel.ISA) (binding, bool) {
	k, channels := convolution(o.Window, t.out.Shape, t.in[1].Shape, isa), t.out.Shape[1]
	name := "conv2d_data_gradient"
	if len(t.in) == 3 {
		name += "+relu_gradient"
	}
	return binding{kernel: name, class: mapped, run: func(c *call) {
		k.DataGradient(c.out, c.in[0], c.in[1], c.operand(2), c.groups, 0, channels)
	}}, true
}

func conv2dWeightGradient(o op.Conv2dWeightGradientOp, t types, isa kernel.ISA) (binding, bool) {
	k := convolution(o.Window, t.in[0].Shape, t.in[1].Shape, isa)
	return binding{kernel: "conv2d_weight_gradient", class: reduced, scratch: k.Scratch(), run: func(c *call) {
		k.WeightGradient(c.out, c.in[0], c.in[1], c.scratch, c.groups)
	}}, true
}
