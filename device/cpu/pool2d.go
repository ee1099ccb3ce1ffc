package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// pooling is the geometry of a pool over images x with results y.
func pooling(w op.Window, x, y graph.Shape) *kernel.Pool2d {
	return &kernel.Pool2d{
		C: x[1], H: x[2], W: x[3], R: w.Kernel[0], S: w.Kernel[1],
		StrideH: w.Stride[0], StrideW: w.Stride[1],
		Top: w.Padding.Top, Left: w.Padding.Left,
		OutH: y[2], OutW: y[3],
	}
}

func avgPool2d(o op.AvgPool2dOp, t types, isa kernel.ISA) (binding, bool) {
	x, y := t.in[0].Shape, t.out.Shape
	if k := touching(o, x, y, isa); k != nil {
		return binding{kernel: "avg_pool2d", class: mapped, run: func(c *call) { k.Forward(c.out, c.in[0]) }}, true
	}
	if k, w := averaging(o, x, y, isa); k != nil {
		return binding{kernel: "avg_pool2d", class: mapped, run: func(c *call) {
			k.Forward(c.out, c.in[0], w, nil, kernel.Ending{}, c.groups*x[1], 0, 1)
		}}, true
	}
	g := pooling(o.Window, x, y)
	g.ExcludePadding = o.ExcludePadding
	return eachGroup("avg_pool2d", func(c *call, i int) { g.Average(c.group(c.out, i), c.group(c.in[0], i)) })
}

func avgPool2dGradient(o op.AvgPool2dGradientOp, t types, isa kernel.ISA) (binding, bool) {
	x, y := t.out.Shape, t.in[0].Shape
	if k := touching(o.AvgPool2dOp, x, y, isa); k != nil {
		return binding{kernel: "avg_pool2d_gradient", class: mapped, run: func(c *call) { k.Gradient(c.out, c.in[0]) }}, true
	}
	if k, w := averaging(o.AvgPool2dOp, x, y, isa); k != nil {
		return binding{kernel: "avg_pool2d_gradient", class: mapped, run: func(c *call) {
			k.DataGradient(c.out, w, c.in[0], kernel.Ending{}, c.groups*x[1], 0, 1)
		}}, true
	}
	g := pooling(o.Window, x, y)
	g.ExcludePadding = o.ExcludePadding
	return eachGroup("avg_pool2d_gradient", func(c *call, i int) { g.AverageGradient(c.group(c.out, i), c.group(c.in[0], i)) })
}

// touching is the kernels of windows of 2 x 2 side by side, nil for other averages.
func touching(o op.AvgPool2dOp, x, y graph.Shape, isa kernel.ISA) *kernel.Average2x2 {
	if o.Padding != (op.Padding{}) {
		return nil
	}
	return kernel.NewAverage2x2(pooling(o.Window, x, y), isa)
}

// averaging is an average as a convolution, channel by channel, of images with
// one channel: every weight is one over the window's size. That is exact where
// the size is a power of two; other averages, those that divide by something
// else, and portable code are none: the answer is nil.
func averaging(o op.AvgPool2dOp, x, y graph.Shape, isa kernel.ISA) (*kernel.Convolution, []float32) {
	size := o.Kernel[0] * o.Kernel[1]
	if isa == kernel.Portable || size&(size-1) != 0 || o.ExcludePadding && o.Padding != (op.Padding{}) {
		return nil, nil
	}
	w := make([]float32, size)
	for i := range w {
		w[i] = 1 / float32(len(w))
	}
	one := func(s graph.Shape) graph.Shape { return graph.Shape{s[0], 1, s[2], s[3]} }
	return convolution(o.Window, one(x), one(y), isa), w
}

func maxPool2d(o op.MaxPool2dOp, t types) (binding, bool) {
	g := pooling(o.Window, t.in[0].Shape, t.out.Shape)
	return eachGroup("max_pool2d", func(c *call, i int) { g.Max(c.group(c.out, i), c.group(c.in[0], i)) })
}

func maxPool2dGradient(o op.MaxPool2dGradientOp, t types) (binding, bool) {
	g := pooling(o.Window, t.in[0].Shape, t.in[1].Shape)
	return eachGroup("max_pool2d_gradient", func(c *call, i int) {
		g.MaxGradient(c.group(c.out, i), c.group(c.in[0], i), c.group(c.in[1], i))
	})
}

// eachGroup binds a kernel that computes one group of samples at a time.
func eachGroup(name string, run func(c *call, group int)) (binding, bool) {
	return binding{kernel: name, class: mapped, run: func(c *call) {
		for i := range c.groups {
			run(c, i)
		}
	}}, true
}
