package op_test

import (
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
)

// A batch without samples gives results without elements, sums of 0, and zero
// gradients of the parameters.
func TestL02EmptyBatches(t *testing.T) {
	eachCase(t, optest.EmptyCases, func(t *testing.T, _ string, c optest.Case) {
		e := compute(t, c)
		for i, in := range c.Inputs {
			if in.Fixed || in.Type.Batched {
				continue
			}
			whole := true // nothing in the case has a batch
			for _, other := range c.Inputs {
				whole = whole && !other.Type.Batched
			}
			for k, v := range e.output(graph.GradientName(optest.Name(i))) {
				if !whole && v != 0 {
					t.Fatalf("%s: gradient of input %d, element %d: expected 0, got %v", c.Name, i, k, v)
				}
			}
		}
	})
}
