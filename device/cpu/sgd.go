package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/optim"
)

func sgd(o graph.Operation) (binding, bool) {
	var f func(out, x, y []float32, factor float32)
	switch o.(type) {
	case optim.SGDVelocityOp:
		f = kernel.SGDVelocity
	case optim.SGDStepOp:
		f = kernel.SGDStep
	default:
		return binding{}, false
	}
	return binding{kernel: o.Name(), class: whole, inPlace: 1, run: func(c *call) { f(c.out, c.in[0], c.in[1], c.in[2][0]) }}, true
}
