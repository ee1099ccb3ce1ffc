package op_test

import (
	"math"
	"testing"

	"gradus/op"
)

var (
	nan = math.NaN()
	inf = math.Inf(1)
)

func TestReLU(t *testing.T) {
	x := samples([]float64{-1, 0, 2, inf, -inf, nan}, 6)
	expect(t, apply(t, unary(op.ReLU), x), []float64{0, 0, 2, inf, 0, nan})
	// The gradient at 0 is 0, as PyTorch defines it.
	expect(t, gradients(t, unary(op.ReLU), []float64{3, 3, 3, 3, 3, 3}, x)[0], []float64{0, 0, 3, 3, 0, 3})
}

func TestSigmoid(t *testing.T) {
	x := samples([]float64{0, 1000, -1000, inf, -inf, nan, math.Log(3)}, 7)
	expect(t, apply(t, unary(op.Sigmoid), x), []float64{0.5, 1, 0, 1, 0, nan, 0.75})
	expect(t, gradients(t, unary(op.Sigmoid), []float64{2, 1, 1, 1, 1, 1, 1}, x)[0], []float64{0.5, 0, 0, 0, 0, nan, 0.1875})
}

func TestTanh(t *testing.T) {
	x := samples([]float64{0, 1000, -inf, nan, math.Log(3) / 2}, 5)
	expect(t, apply(t, unary(op.Tanh), x), []float64{0, 1, -1, nan, 0.5})
	expect(t, gradients(t, unary(op.Tanh), []float64{2, 1, 1, 1, 1}, x)[0], []float64{2, 0, 0, nan, 0.75})
}
