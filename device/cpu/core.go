package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

func constant(o graph.ConstantOp, t types) (binding, bool) {
	return elementwise("constant", 0, t, func(c *call) {
		for i := range c.out {
			c.out[i] = float32(o.Value)
		}
	})
}

func accumulate(t types, isa kernel.ISA) (binding, bool) {
	return elementwise("accumulate", 0, t, func(c *call) {
		isa.Add(c.out, c.in[0], c.in[1])
		for _, x := range c.in[2:] {
			isa.Add(c.out, c.out, x)
		}
	})
}

// reshape binds operations that only change the shape: a sample's elements
// keep their order.
func reshape(t types) (binding, bool) {
	return elementwise("copy", 1, t, func(c *call) {
		if len(c.out) > 0 && &c.out[0] != &c.in[0][0] {
			copy(c.out, c.in[0])
		}
	})
}
