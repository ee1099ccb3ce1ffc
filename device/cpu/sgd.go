package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/optim"
)

// sgdOp is sgd_step of several parameters at once, each behind its sgd_velocity where
// there is momentum. Operands are the parameter and the gradient of each, then the
// learning rate; results are the parameters. With momentum, the velocity comes before the
// parameter among operands and results, and the momentum before the learning rate.
type sgdOp struct {
	momentum bool
	also     []graph.ID // the results but for the first
}

// each is how many operands and results a parameter has.
func (o sgdOp) each() (operands, results int) {
	if o.momentum {
		return 3, 2
	}
	return 2, 1
}

// Name is what is fused.
func (o sgdOp) Name() string {
	if o.momentum {
		return optim.SGDVelocityOp{}.Name() + "+" + optim.SGDStepOp{}.Name()
	}
	return optim.SGDStepOp{}.Name()
}

// Infer is the type of the first parameter, which its velocity has too.
func (sgdOp) Infer(in []graph.Type) (graph.Type, error) { return in[0], nil }

// Reference is the first result, as a chain's is.
func (o sgdOp) Reference(in []graph.Array, out graph.Array) {
	if o.momentum {
		optim.SGDVelocityOp{}.Reference([]graph.Array{in[0], in[2], in[len(in)-2]}, out)
	} else {
		optim.SGDStepOp{}.Reference([]graph.Array{in[0], in[1], in[len(in)-1]}, out)
	}
}

// sgdAll binds the update of so many parameters.
func sgdAll(o sgdOp, isa kernel.ISA) (binding, bool) {
	operands, results := o.each()
	b := binding{kernel: o.Name(), class: whole, members: (1 + len(o.also)) / results, scalars: operands - 1, inPlace: 1}
	if o.momentum {
		b.run = func(c *call) {
			last := len(c.in) - 1
			for i := range last / operands {
				v, w, g := c.in[operands*i], c.in[operands*i+1], c.in[operands*i+2]
				isa.SGD(c.result(results*i), c.result(results*i+1), v, w, g, c.in[last-1][0], c.in[last][0])
			}
		}
	} else {
		b.run = func(c *call) {
			last := len(c.in) - 1
			for i := range last / operands {
				isa.SGDStep(c.result(i), c.in[operands*i], c.in[operands*i+1], c.in[last][0])
			}
		}
	}
	for i := range o.also {
		result := i + 1
		b.alsoInPlace = append(b.alsoInPlace, result/results*operands+result%results+1)
	}
	return b, true
}

// sgd binds the operations alone.
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
	return binding{kernel: o.Name(), class: whole, inPlace: 1, members: 1, scalars: 1, run: func(c *call) { f(c.out, c.in[0], c.in[1], c.in[2][0]) }}, true
}
