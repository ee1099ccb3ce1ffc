package cpu

import (
	"gradus/internal/kernel"
	"gradus/op"
)

func sum(o op.SumOp, t types, isa kernel.ISA) (binding, bool) {
	return summing("sum", o, t, func(c *call, g, from, n int) float32 { return isa.SumBlocks(c.group(c.in[0], g)[from:], n) })
}

func sumOfProducts(o mulSum, t types, isa kernel.ISA) (binding, bool) {
	return summing("mul+sum", o.SumOp, t, func(c *call, g, from, n int) float32 {
		return isa.SumProducts(c.group(c.in[0], g)[from:], c.group(c.in[1], g)[from:], n)
	})
}

// summing binds a sum over n blocks of a group at a time, those of one result.
func summing(name string, o op.SumOp, t types, part func(c *call, g, from, n int) float32) (binding, bool) {
	if !t.in[0].Batched {
		return binding{}, false
	}
	rows := 1 // sums, of equal length
	if o.PerChannel {
		rows = t.in[0].Shape[1]
	}
	return binding{kernel: name, class: reduced, run: func(c *call) {
		for g := range c.groups {
			n := len(c.in[0]) / c.groups / max(rows, 1)
			for k := range rows {
				c.out[k] += part(c, g, k*n, n/kernel.Lanes)
			}
		}
	}}, true
}
