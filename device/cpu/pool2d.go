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

func avgPool2d(o op.AvgPool2dOp, t types) (binding, bool) {
	g := pooling(o.Window, t.in[0].Shape, t.out.Shape)
	g.ExcludePadding = o.ExcludePadding
	return eachGroup("avg_pool2d", func(c *call, i int) { g.Average(c.group(c.out, i), c.group(c.in[0], i)) })
}

func avgPool2dGradient(o op.AvgPool2dGradientOp, t types) (binding, bool) {
	g := pooling(o.Window, t.out.Shape, t.in[0].Shape)
	g.ExcludePadding = o.ExcludePadding
	return eachGroup("avg_pool2d_gradient", func(c *call, i int) { g.AverageGradient(c.group(c.out, i), c.group(c.in[0], i)) })
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
