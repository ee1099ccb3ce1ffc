package op_test

import (
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
	"gradus/random"
)

// evaluator runs a program by the references of its operations.
type evaluator struct {
	program *graph.Program
	values  []graph.Array // by ID
}

func newEvaluator(p *graph.Program) *evaluator {
	e := &evaluator{program: p}
	for _, t := range p.Values {
		e.values = append(e.values, graph.Array{Shape: t.Shape, Data: make([]float64, t.Size())})
	}
	return e
}

func (e *evaluator) run(inputs map[string][]float64) {
	for _, in := range e.program.Inputs {
		copy(e.values[in.Value].Data, inputs[in.Name])
	}
	for _, n := range e.program.Nodes {
		in := make([]graph.Array, len(n.In))
		for i, id := range n.In {
			in[i] = e.values[id]
		}
		clear(e.values[n.Out].Data)
		n.Op.Reference(in, e.values[n.Out])
	}
}

func (e *evaluator) output(name string) []float64 {
	o, ok := e.program.Output(name)
	if !ok {
		return nil
	}
	return e.values[o.Value].Data
}

// compute runs a case with its gradients.
func compute(t *testing.T, c optest.Case) *evaluator {
	t.Helper()
	p, err := c.Program(true)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	e := newEvaluator(p)
	e.run(c.Values(p))
	return e
}

// eachCase calls f with every case of every operation.
func eachCase(t *testing.T, list func(name string, r *random.Stream) []optest.Case, f func(t *testing.T, name string, c optest.Case)) {
	for _, o := range graph.NewTable(op.Operations()) {
		t.Run(o.Name(), func(t *testing.T) {
			for _, c := range list(o.Name(), random.New(1, o.Name())) {
				f(t, o.Name(), c)
			}
		})
	}
}

// samples is a float32 operand with a batch dimension.
func samples(data []float64, shape ...int) optest.Input {
	return optest.Input{Type: graph.Type{DType: graph.Float32, Shape: shape, Batched: true}, Data: data}
}

// parameter is a float32 operand without.
func parameter(data []float64, shape ...int) optest.Input {
	return optest.Input{Type: graph.Type{DType: graph.Float32, Shape: shape}, Data: data}
}

// labels are int32 operands of a loss.
func labels(data ...float64) optest.Input {
	return optest.Input{
		Type: graph.Type{DType: graph.Int32, Shape: graph.Shape{len(data)}, Batched: true},
		Data: data, Fixed: true,
	}
}
