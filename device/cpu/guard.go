package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

func nonFiniteCount(t types, isa kernel.ISA) (binding, bool) {
	return binding{kernel: "non_finite_count", class: whole, nothing: func(c *call) bool {
		for _, x := range c.in {
			if isa.NonFinite(x) > 0 {
				return false
			}
		}
		return true
	}, run: func(c *call) {
		n := 0
		for i, x := range c.in {
			if found := isa.NonFinite(x); found > 0 {
				n += nonFiniteSamples(t.in[i], x, found)
			}
		}
		c.out[0] = float32(n)
	}}, true
}

// nonFiniteSamples leaves out what was found in lanes without a sample.
func nonFiniteSamples(t graph.Type, x []float32, found int) int {
	if !t.Batched {
		return found
	}
	return kernel.Portable.NonFinite(rowMajor(x, t.Shape[0], features(t)))
}
