package cpu

import (
	"gradus/internal/kernel"
	"gradus/op"
)

func sum(o op.SumOp, t types, isa kernel.ISA) (binding, bool) {
	if !t.in[0].Batched {
		return binding{}, false
	}
	rows := 1 // sums, of equal length
	if o.PerChannel {
		rows = t.in[0].Shape[1]
	}
	return binding{kernel: "sum", class: reduced, run: func(c *call) {
		for g := range c.groups {
			x := c.group(c.in[0], g)
			n := len(x) / max(rows, 1)
			for k := range rows {
				c.out[k] += isa.SumBlocks(x[k*n:], n/kernel.Lanes)
			}
		}
	}}, true
}
