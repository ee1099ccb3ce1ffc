package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// TestGateThatIsTheGradient has layers whose features are what comes back to them as
// gradients: results must not be written over what is still to be read.
func TestGateThatIsTheGradient(t *testing.T) {
	layers := map[string]struct {
		x, w  graph.Shape
		apply func(x, w *graph.Value) *graph.Value
	}{
		"convolution": {graph.Shape{4, 5, 5}, graph.Shape{4, 4, 3, 3}, func(x, w *graph.Value) *graph.Value {
			return op.Conv2d(x, w, nil, op.Conv2dOptions{Padding: op.Pad(1)})
		}},
		"linear": {graph.Shape{48}, graph.Shape{48, 48}, func(x, w *graph.Value) *graph.Value { return op.Linear(x, w, nil) }},
	}
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		for name, l := range layers {
			for _, n := range []int{1, 16, 17, 150} {
				x := batch(append(graph.Shape{n}, l.x...)...)
				p := trace(t, func(b *graph.Builder) {
					x, w := b.Input("x", graph.Sample, x), b.Input("w", graph.Whole, float(l.w...))
					features := op.ReLU(x)
					gradient := b.Gradients(l.apply(features, w), features, x)[0]
					b.Output("twice the gradient", op.Affine(gradient, 2, 0), false)
				})
				inputs := map[string]device.Data{"x": {Float32: ramp(x.Size())}, "w": {Float32: ramp(float(l.w...).Size())}}
				fusedAsNot(t, fmt.Sprintf("%s, batch %d", name, n), isa, p, inputs, nil)
			}
		}
	})
}
