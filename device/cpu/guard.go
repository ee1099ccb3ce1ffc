package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

func nonFiniteCount(t types) (binding, bool) {
	return binding{kernel: "non_finite_count", class: whole, run: func(c *call) {
		n := 0
		for i, x := range c.in {
			if found := kernel.NonFinite(x); found > 0 {
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
	return kernel.NonFinite(rowMajor(x, t.Shape[0], features(t)))
}
