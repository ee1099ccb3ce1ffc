package op_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

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

// apply is the result of a function on the inputs.
func apply(t *testing.T, f func(in []*graph.Value) *graph.Value, in ...optest.Input) []float64 {
	t.Helper()
	return compute(t, optest.Case{Inputs: fixed(in), Build: f}).output(optest.Result)
}

// gradients are the gradients of the sum of a function's result times its seed,
// by input.
func gradients(t *testing.T, f func(in []*graph.Value) *graph.Value, seed []float64, in ...optest.Input) [][]float64 {
	t.Helper()
	p, err := optest.Case{Inputs: in, Build: f}.Program(true)
	if err != nil {
		t.Fatal(err)
	}
	values := optest.Case{Inputs: in}.Values(p)
	values[optest.Seed] = seed
	e := newEvaluator(p)
	e.run(values)
	var list [][]float64
	for i := range in {
		list = append(list, e.output(graph.GradientName(optest.Name(i))))
	}
	return list
}

// fixed are the same inputs, without gradients.
func fixed(in []optest.Input) []optest.Input {
	in = slices.Clone(in)
	for i := range in {
		in[i].Fixed = true
	}
	return in
}

// expect compares numbers; NaN equals NaN, and rounding in float64 is allowed.
func expect(t *testing.T, got, want []float64) {
	t.Helper()
	if diff := cmp.Diff(want, got, cmpopts.EquateNaNs(), cmpopts.EquateApprox(1e-14, 1e-15)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// numbers are 1, 2, ..., n.
func numbers(n int) []float64 {
	data := make([]float64, n)
	for i := range data {
		data[i] = float64(i + 1)
	}
	return data
}

// unary and binary adapt functions of values.
func unary(f func(x *graph.Value) *graph.Value) func(in []*graph.Value) *graph.Value {
	return func(in []*graph.Value) *graph.Value { return f(in[0]) }
}

func binary(f func(a, b *graph.Value) *graph.Value) func(in []*graph.Value) *graph.Value {
	return func(in []*graph.Value) *graph.Value { return f(in[0], in[1]) }
}
