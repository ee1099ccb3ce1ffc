package op_test

import (
	"testing"

	"gradus/graph"
	"gradus/op"
)

func avgPool2d(kernel int, o op.AvgPool2dOptions) func(in []*graph.Value) *graph.Value {
	return unary(func(x *graph.Value) *graph.Value { return op.AvgPool2d(x, [2]int{kernel, kernel}, o) })
}

func maxPool2d(kernel int, o op.MaxPool2dOptions) func(in []*graph.Value) *graph.Value {
	return unary(func(x *graph.Value) *graph.Value { return op.MaxPool2d(x, [2]int{kernel, kernel}, o) })
}

func TestAvgPool2d(t *testing.T) {
	x := samples(numbers(9), 1, 1, 3, 3)
	// The stride is the kernel's size, and what does not fill a window is left out.
	expect(t, apply(t, avgPool2d(2, op.AvgPool2dOptions{}), x), []float64{3})
	expect(t, apply(t, avgPool2d(2, op.AvgPool2dOptions{Stride: [2]int{1, 1}}), x), []float64{3, 4, 6, 7})
}

// Padding counts as zeros unless it is excluded, and the gradient agrees.
func TestL08AvgPool2dPadding(t *testing.T) {
	x, seed := samples([]float64{4, 8, 12, 16}, 1, 1, 2, 2), []float64{4, 4, 4, 4}
	padded := op.AvgPool2dOptions{Padding: op.Pad(1)}
	expect(t, apply(t, avgPool2d(2, padded), x), []float64{1, 2, 3, 4})
	expect(t, gradients(t, avgPool2d(2, padded), seed, x)[0], []float64{1, 1, 1, 1})
	padded.ExcludePadding = true
	expect(t, apply(t, avgPool2d(2, padded), x), []float64{4, 8, 12, 16})
	expect(t, gradients(t, avgPool2d(2, padded), seed, x)[0], []float64{4, 4, 4, 4})
}

func TestMaxPool2d(t *testing.T) {
	for _, test := range []struct {
		name     string
		x        []float64
		want     float64
		gradient []float64
	}{
		{"the largest", []float64{1, 3, 2, 0}, 3, []float64{0, 5, 0, 0}},
		{"the first of equals", []float64{1, 2, 2, 2}, 2, []float64{0, 5, 0, 0}},
		{"the first NaN before any number", []float64{inf, nan, 3, nan}, nan, []float64{0, 5, 0, 0}},
		{"-Inf where there is nothing else", []float64{-inf, -inf, -inf, -inf}, -inf, []float64{5, 0, 0, 0}},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := samples(test.x, 1, 1, 2, 2)
			expect(t, apply(t, maxPool2d(2, op.MaxPool2dOptions{}), x), []float64{test.want})
			expect(t, gradients(t, maxPool2d(2, op.MaxPool2dOptions{}), []float64{5}, x)[0], test.gradient)
		})
	}
}

// Padding never wins, not even against negative numbers, and an element can win
// several windows.
func TestMaxPool2dPadding(t *testing.T) {
	x := samples([]float64{-1, -2, -3, -4}, 1, 1, 2, 2)
	o := op.MaxPool2dOptions{Stride: [2]int{1, 1}, Padding: op.Pad(1)}
	expect(t, apply(t, maxPool2d(2, o), x), []float64{-1, -1, -2, -1, -1, -2, -3, -3, -4})
	expect(t, gradients(t, maxPool2d(2, o), numbers(9), x)[0], []float64{1 + 2 + 4 + 5, 3 + 6, 7 + 8, 9})
}
