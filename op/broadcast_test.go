package op_test

import (
	"fmt"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
)

// Add and Mul take a smaller operand on either side.
func TestBroadcast(t *testing.T) {
	images := samples(numbers(8), 2, 2, 1, 2)
	rows := samples(numbers(4), 2, 2)
	for _, test := range []struct {
		big, small    optest.Input
		sum, product  []float64
		gradientOfSum []float64 // of the small operand, for gradients 1, 2, ...
	}{
		{images, parameter([]float64{10}), []float64{11, 12, 13, 14, 15, 16, 17, 18}, []float64{10, 20, 30, 40, 50, 60, 70, 80}, []float64{36}},
		{images, parameter([]float64{10, 20}, 2, 1, 1), []float64{11, 12, 23, 24, 15, 16, 27, 28}, []float64{10, 20, 60, 80, 50, 60, 140, 160}, []float64{14, 22}},
		{rows, parameter([]float64{10, 20}, 2), []float64{11, 22, 13, 24}, []float64{10, 40, 30, 80}, []float64{4, 6}},
		{rows, rows, []float64{2, 4, 6, 8}, []float64{1, 4, 9, 16}, []float64{1, 2, 3, 4}},
		{parameter(numbers(2), 1, 2), parameter([]float64{3}), []float64{4, 5}, []float64{3, 6}, []float64{3}},
	} {
		t.Run(fmt.Sprintf("%v and %v", test.big.Type, test.small.Type), func(t *testing.T) {
			for _, order := range [][2]optest.Input{{test.big, test.small}, {test.small, test.big}} {
				expect(t, apply(t, binary(op.Add), order[0], order[1]), test.sum)
				expect(t, apply(t, binary(op.Mul), order[0], order[1]), test.product)
			}
			expect(t, gradients(t, binary(op.Add), numbers(len(test.sum)), test.big, test.small)[1], test.gradientOfSum)
			expect(t, gradients(t, binary(op.Add), numbers(len(test.sum)), test.small, test.big)[0], test.gradientOfSum)
		})
	}
}

// A number per channel that is made to fit images is what [C 1 1] is.
func TestPerChannel(t *testing.T) {
	images, channels := samples(numbers(8), 2, 2, 1, 2), parameter([]float64{10, 20}, 2)
	scale := binary(func(x, c *graph.Value) *graph.Value { return op.Mul(x, op.PerChannel(c)) })
	expect(t, apply(t, scale, images, channels), []float64{10, 20, 60, 80, 50, 60, 140, 160})
	expect(t, gradients(t, scale, []float64{1, 1, 1, 1, 1, 1, 1, 1}, images, channels)[1], []float64{1 + 2 + 5 + 6, 3 + 4 + 7 + 8})
	_, err := graph.Trace(nil, graph.Training, func(b *graph.Builder) {
		b.Output("y", op.PerChannel(b.Input("x", graph.Sample, floats(2, 3))), false)
	})
	if err == nil || !strings.Contains(err.Error(), "per_channel") || !strings.Contains(err.Error(), "expected a number per channel, [C], got float32[2* 3]") {
		t.Errorf("expected a value with a batch to be refused, got %v", err)
	}
}

func TestAffine(t *testing.T) {
	bytes := samples([]float64{0, 51, 255}, 3)
	bytes.Type.DType = graph.Uint8
	normalise := unary(func(x *graph.Value) *graph.Value { return op.Affine(x, 1/(255*0.5), -0.25/0.5) })
	expect(t, apply(t, normalise, bytes), []float64{-0.5, -0.1, 1.5})
	integers := labels(-3, 7)
	expect(t, apply(t, unary(func(x *graph.Value) *graph.Value { return op.Affine(x, 2, 1) }), integers), []float64{-5, 15})
}

func TestSum(t *testing.T) {
	x := samples(numbers(12), 2, 3, 1, 2)
	expect(t, apply(t, unary(op.TotalSum), x), []float64{78})
	expect(t, apply(t, unary(op.ChannelSum), x), []float64{1 + 2 + 7 + 8, 3 + 4 + 9 + 10, 5 + 6 + 11 + 12})
	expect(t, gradients(t, unary(op.ChannelSum), []float64{1, 2, 3}, x)[0], []float64{1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3})
}
