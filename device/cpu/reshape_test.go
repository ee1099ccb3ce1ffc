package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// reshaped changes shapes in all places: of an input, of what is read in both shapes,
// of a result, twice, and of the gradients of all of them.
func reshaped(t *testing.T, n int) *graph.Program {
	return trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batch(n, 2, 3, 3))
		w, v := b.Input("w", graph.Whole, float(18, 18)), b.Input("v", graph.Whole, float(2, 2, 1, 1))
		images := func(x *graph.Value) *graph.Value {
			return graph.Apply(op.UnflattenOp{Shape: graph.Shape{n, 2, 3, 3}}, x)
		}
		hidden := op.ReLU(op.Linear(op.Flatten(x), w, nil))
		y := op.ReLU(op.Conv2d(images(hidden), v, nil, op.Conv2dOptions{}))
		again := op.Flatten(images(op.Flatten(y)))
		out := op.Add(op.Linear(again, w, nil), hidden)
		b.Output("out", images(out), false)
		b.Output("again", again, false)
		for i, d := range b.Gradients(out, out, x, w, v) {
			b.Output(fmt.Sprint("gradient ", i), d, false)
		}
	})
}

// TestReshapesMoveNothing wants the bits of copies, of which only those somebody
// outside reads are left.
func TestReshapesMoveNothing(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		for _, n := range []int{1, 16, 17, 63, 150} {
			p := reshaped(t, n)
			inputs := map[string]device.Data{"x": {Float32: ramp(n * 18)}, "w": {Float32: ramp(18 * 18)}, "v": {Float32: ramp(4)}}
			copies := 0
			for _, node := range fusedAsNot(t, fmt.Sprint("batch ", n), isa, p, inputs, nil) {
				if node.Kernel == "copy" {
					copies++
				}
			}
			if copies != 3 { // out, again and the gradient of x
				t.Errorf("batch %d: expected 3 copies, got %d", n, copies)
			}
		}
	})
}
