package op_test

import (
	"testing"

	"gradus/graph"
	"gradus/op"
)

func TestPad2d(t *testing.T) {
	x := samples(numbers(6), 1, 1, 2, 3)
	pad := func(p op.Padding) func(in []*graph.Value) *graph.Value {
		return unary(func(x *graph.Value) *graph.Value { return op.Pad2d(x, p) })
	}
	expect(t, apply(t, pad(op.Padding{Top: 1, Left: 2, Right: 1}), x), []float64{
		0, 0, 0, 0, 0, 0,
		0, 0, 1, 2, 3, 0,
		0, 0, 4, 5, 6, 0,
	})
	mixed := pad(op.Padding{Top: -1, Bottom: 1, Left: -1, Right: 1})
	expect(t, apply(t, mixed, x), []float64{5, 6, 0, 0, 0, 0})
	expect(t, gradients(t, mixed, numbers(6), x)[0], []float64{0, 0, 0, 0, 1, 2})
}

// Of an odd difference the bigger half goes to the right and the bottom,
// whether images grow or shrink.
func TestPadTo(t *testing.T) {
	padTo := binary(op.PadTo)
	small, big := samples(numbers(1), 1, 1, 1, 1), samples(numbers(16), 1, 1, 4, 4)
	expect(t, apply(t, padTo, small, big), []float64{
		0, 0, 0, 0,
		0, 1, 0, 0,
		0, 0, 0, 0,
		0, 0, 0, 0,
	})
	expect(t, apply(t, padTo, big, small), []float64{6})
	odd := samples(numbers(9), 1, 1, 3, 3)
	expect(t, apply(t, padTo, odd, big), []float64{
		1, 2, 3, 0,
		4, 5, 6, 0,
		7, 8, 9, 0,
		0, 0, 0, 0,
	})
	expect(t, apply(t, padTo, big, odd), []float64{1, 2, 3, 5, 6, 7, 9, 10, 11})
	expect(t, apply(t, padTo, big, big), numbers(16))
}
