package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/optim"
)

// sgdOp is sgd_velocity and sgd_step of several parameters at once. Operands are the
// velocity, the parameter and the gradient of each, then the momentum and the learning
// rate; results are the velocity and the parameter of each.
type sgdOp struct{ also []graph.ID } // the results but for the first

// Operands and results of each parameter.
const sgdOperands, sgdResults = 3, 2

// Name is what is fused.
func (sgdOp) Name() string { return "sgd_velocity+sgd_step" }

// Infer is the type of the first velocity.
func (sgdOp) Infer(in []graph.Type) (graph.Type, error) { return in[0], nil }

// Reference is the first velocity, as a chain's is its first result.
func (sgdOp) Reference(in []graph.Array, out graph.Array) {
	optim.SGDVelocityOp{}.Reference([]graph.Array{in[0], in[2], in[len(in)-2]}, out)
}

// sgdAll binds the update of so many parameters.
func sgdAll(o sgdOp, isa kernel.ISA) (binding, bool) {
	b := binding{
		kernel: o.Name(), class: whole, members: (1 + len(o.also)) / sgdResults, scalars: 2, inPlace: 1,
		run: func(c *call) {
			in, numbers := c.in[:len(c.in)-2], c.in[len(c.in)-2:]
			for i := 0; i*sgdOperands < len(in); i++ {
				v, w, g := in[sgdOperands*i], in[sgdOperands*i+1], in[sgdOperands*i+2]
				isa.SGD(c.result(sgdResults*i), c.result(sgdResults*i+1), v, w, g, numbers[0][0], numbers[1][0])
			}
		},
	}
	for i := range o.also {
		result := i + 1
		b.alsoInPlace = append(b.alsoInPlace, result/sgdResults*sgdOperands+result%sgdResults+1)
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
