package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

// referenceKernel is the name under which Describe shows operations that run by
// their reference.
const referenceKernel = "reference"

// fallback runs an operation by its float64 definition, behind an adapter
// between the two layouts. Its memory is allocated here, once.
func fallback(o graph.Operation, t types) binding {
	array := func(t graph.Type) graph.Array {
		return graph.Array{Shape: t.Shape, Data: make([]float64, t.Size())}
	}
	in, out := make([]graph.Array, len(t.in)), array(t.out)
	for i := range in {
		in[i] = array(t.in[i])
	}
	return binding{kernel: referenceKernel, class: whole, run: func(c *call) {
		for i, x := range c.in {
			each(t.in[i], func(row, lane int) { in[i].Data[row] = float64(x[lane]) })
		}
		clear(out.Data)
		o.Reference(in, out)
		clear(c.out) // lanes without a sample
		each(t.out, func(row, lane int) { c.out[lane] = float32(out.Data[row]) })
	}}
}

// each calls f with every element's index in row-major order and in the
// device's layout.
func each(t graph.Type, f func(row, lane int)) {
	if !t.Batched {
		for i := range t.Size() {
			f(i, i)
		}
		return
	}
	n := features(t)
	for sample := range t.Shape[0] {
		for i := range n {
			f(sample*n+i, (sample/kernel.Lanes*n+i)*kernel.Lanes+sample%kernel.Lanes)
		}
	}
}
