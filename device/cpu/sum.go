package cpu

import (
	"gradus/internal/kernel"
	"gradus/op"
)

func sum(o op.SumOp, t types, isa kernel.ISA) (binding, bool) {
	return summing("sum", o, t, func(c *call, g, n int) { isa.SumRows(c.out, c.group(c.in[0], g), n) })
}

func sumOfProducts(o mulSum, t types, isa kernel.ISA) (binding, bool) {
	return summing("mul+sum", o.SumOp, t, func(c *call, g, n int) {
		x, y := c.group(c.in[0], g), c.group(c.in[1], g)
		for k := range c.out {
			at := k * n * kernel.Lanes
			c.out[k] += isa.SumProducts(x[at:], y[at:], n)
		}
	})
}

// summing binds a sum over a group at a time, of rows of n blocks.
func summing(name string, o op.SumOp, t types, add func(c *call, g, n int)) (binding, bool) {
	if !t.in[0].Batched {
		return binding{}, false
	}
	n := features(t.in[0])
	if o.PerChannel {
		n /= max(1, t.in[0].Shape[1])
	}
	return binding{kernel: name, class: reduced, run: func(c *call) {
		for g := range c.groups {
			add(c, g, n)
		}
	}}, true
}
