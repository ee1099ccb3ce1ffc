package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

func activation(o graph.Operation, t types, isa kernel.ISA) (binding, bool) {
	var f func(y, x []float32)
	switch o.(type) {
	case op.ReLUOp:
		f = isa.ReLU
	case op.SigmoidOp:
		f = isa.Sigmoid
	case op.TanhOp:
		f = isa.Tanh
	default:
		return binding{}, false
	}
	return elementwise(o.Name(), 1, t, func(c *call) { f(c.out, c.in[0]) })
}

// activationGradient binds gradients that are functions of (y, dy).
func activationGradient(o graph.Operation, t types, isa kernel.ISA) (binding, bool) {
	var f func(dx, y, dy []float32)
	switch o.(type) {
	case op.ReLUGradientOp:
		f = isa.ReLUGradient
	case op.SigmoidGradientOp:
		f = isa.SigmoidGradient
	case op.TanhGradientOp:
		f = isa.TanhGradient
	default:
		return binding{}, false
	}
	return elementwise(o.Name(), 2, t, func(c *call) { f(c.out, c.in[0], c.in[1]) })
}
