package cpu

import (
	"gradus/internal/kernel"
	"gradus/op"
)

func affine(o op.AffineOp, t types, isa kernel.ISA) (binding, bool) {
	return elementwise("affine", 1, t, func(c *call) { isa.Affine(c.out, c.in[0], o.Scale, o.Shift) })
}
