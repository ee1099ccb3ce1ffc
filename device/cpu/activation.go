package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

func activation(o graph.Operation, t types) (binding, bool) {
	var f func(y, x []float32)
	switch o.(type) {
	case op.ReLUOp:
		f = kernel.ReLU
	case op.SigmoidOp:
		f = kernel.Sigmoid
	case op.TanhOp:
		f = kernel.Tanh
	default:
		return binding{}, false
	}
	return elementwise(o.Name(), 1, t, func(c *call) { f(c.out, c.in[0]) })
}

// activationGradient binds gradients that are functions of (y, dy).
func activationGradient(o graph.Operation, t types) (binding, bool) {
	var f func(dx, y, dy []float32)
	switch o.(type) {
	case op.ReLUGradientOp:
		f = kernel.ReLUGradient
	case op.SigmoidGradientOp:
		f = kernel.SigmoidGradient
	case op.TanhGradientOp:
		f = kernel.TanhGradient
	default:
		return binding{}, false
	}
	return elementwise(o.Name(), 2, t, func(c *call) { f(c.out, c.in[0], c.in[1]) })
}
