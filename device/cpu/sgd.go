package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/optim"
)

func sgd(o graph.Operation, isa kernel.ISA) (binding, bool) {
	var f func(out, x, y []float32, factor float32)
	switch o.(type) {
	case optim.SGDVelocityOp:
		f = isa.SGDVelocity
	case optim.SGDStepOp:
		f = isa.SGDStep
	default:
		return binding{}, false
	}
	return binding{kernel: o.Name(), class: whole, inPlace: 1, byElement: true, run: func(c *call) { f(c.out, c.in[0], c.in[1], c.in[2][0]) }}, true
}
