package cpu

import (
	"gradus/internal/kernel"
	"gradus/op"
)

func pad2d(o op.Pad2dOp, t types) (binding, bool) {
	x, y := t.in[0].Shape, t.out.Shape
	g := &kernel.Pad2d{C: x[1], H: x[2], W: x[3], Top: o.Padding.Top, Left: o.Padding.Left, OutH: y[2], OutW: y[3]}
	return eachGroup("pad2d", func(c *call, i int) { g.Forward(c.group(c.out, i), c.group(c.in[0], i)) })
}
