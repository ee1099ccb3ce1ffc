package optim_test

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
	"gradus/optim"
)

// scale is the model w*x with one parameter of two elements.
type scale struct{ Weight *graph.Tensor }

func (s scale) Forward(x *graph.Value) *graph.Value { return op.Mul(x, x.Param(s.Weight)) }

// differentiated is the program of sum(x*w), whose gradient with respect to w
// is x.
func differentiated(t testing.TB) *graph.Program {
	t.Helper()
	model := scale{graph.NewTensor(2)}
	p, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
		x := b.Input("x", graph.Whole, graph.Type{DType: graph.Float32, Shape: graph.Shape{2}})
		b.Output("loss", op.TotalSum(x.Through(model)), true)
	})
	if err == nil {
		p, err = graph.Differentiate(p, "loss")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// values are inputs and states of a program by name.
type values map[string][]float64

// step runs p once by the references of its operations and returns the states
// after it, and the guard.
func step(t *testing.T, p *graph.Program, in values) (states values, guard float64) {
	t.Helper()
	arrays := make([]graph.Array, len(p.Values))
	for id, typ := range p.Values {
		arrays[id] = graph.Array{Shape: typ.Shape, Data: make([]float64, typ.Size())}
	}
	for _, i := range p.Inputs {
		copy(arrays[i.Value].Data, in[i.Name])
	}
	for _, s := range p.States {
		copy(arrays[s.In].Data, in[s.Name])
	}
	for _, n := range p.Nodes {
		var operands []graph.Array
		for _, id := range n.In {
			operands = append(operands, arrays[id])
		}
		n.Op.Reference(operands, arrays[n.Out])
	}
	states = values{}
	for _, s := range p.States {
		states[s.Name] = arrays[s.Out].Data
	}
	return states, arrays[p.Guard].Data[0]
}

// Three steps of momentum SGD against numbers worked out by hand: with
// gradients 1, 2, 4, momentum 1/2 and learning rate 1/4 the velocity is 1, 2.5,
// 5.25, and the parameter loses a quarter of it each time.
func TestSGDByHand(t *testing.T) {
	p, err := optim.Append(differentiated(t), optim.SGD{Momentum: 0.5})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Fatal(err)
	}
	states := values{"weight": {10, -10}}
	for i, want := range []struct{ gradient, velocity, lost float64 }{{1, 1, 0.25}, {2, 2.5, 0.875}, {4, 5.25, 2.1875}} {
		in := values{"x": {want.gradient, -want.gradient}, "learning_rate": {0.25}, "momentum": {0.5}}
		maps.Copy(in, states)
		var guard float64
		if states, guard = step(t, p, in); guard != 0 {
			t.Errorf("step %d: expected guard 0, got %v", i, guard)
		}
		if v := states["velocity/weight"]; !slices.Equal(v, []float64{want.velocity, -want.velocity}) {
			t.Errorf("step %d: expected velocities +-%v, got %v", i, want.velocity, v)
		}
		if w := states["weight"]; !slices.Equal(w, []float64{10 - want.lost, -10 + want.lost}) {
			t.Errorf("step %d: expected the weights to lose %v, got %v", i, want.lost, w)
		}
	}
}

// The guard sees the gradients and the loss, and the program keeps its outputs
// in order: the first that is not finite gets the blame.
func TestAppendGuards(t *testing.T) {
	p, err := optim.Append(differentiated(t), optim.SGD{})
	if err != nil {
		t.Fatal(err)
	}
	inf := math.Inf(1)
	if _, guard := step(t, p, values{"x": {inf, 1}, "weight": {1, 1}}); guard != 2 {
		t.Errorf("expected 2 non-finite numbers, a gradient and the loss, got %v", guard)
	}
	if _, guard := step(t, p, values{"x": {1, 1}, "weight": {inf, 1}}); guard != 1 {
		t.Errorf("expected 1 non-finite number, the loss, got %v", guard)
	}
	var outputs []string
	for _, o := range p.Outputs {
		outputs = append(outputs, o.Name)
	}
	if got := strings.Join(outputs, " "); got != "loss gradient/weight" {
		t.Errorf("expected the outputs loss gradient/weight, got %s", got)
	}
}

// What is output per sample is not guarded: a sample may be there only to fill
// up the batch.
func TestAppendIgnoresSamples(t *testing.T) {
	model := scale{graph.NewTensor(2)}
	p, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, graph.Type{DType: graph.Float32, Shape: graph.Shape{2}, Batched: true})
		b.Output("each", op.ReLU(x), true)
		b.Output("loss", op.TotalSum(x.Param(model.Weight)), false)
	})
	if err == nil {
		p, err = graph.Differentiate(p, "loss")
	}
	if err == nil {
		p, err = optim.Append(p, optim.SGD{})
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, guard := step(t, p, values{"x": {1, math.Inf(1)}}); guard != 0 {
		t.Errorf("expected guard 0, got %v", guard)
	}
	if _, guard := step(t, p, values{"weight": {1, math.NaN()}}); guard != 1 {
		t.Errorf("expected guard 1, got %v", guard)
	}
}

func TestAppendLeavesItsProgramAlone(t *testing.T) {
	p := differentiated(t)
	before := p.String()
	if _, err := optim.Append(p, optim.SGD{}); err != nil {
		t.Fatal(err)
	}
	if p.String() != before {
		t.Errorf("expected\n%s, got\n%s", before, p)
	}
}

func TestAppendRefuses(t *testing.T) {
	p := differentiated(t)
	trained, err := optim.Append(p, optim.SGD{})
	if err != nil {
		t.Fatal(err)
	}
	model := scale{graph.NewTensor(2)}
	traced, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
		x := b.Input("x", graph.Whole, graph.Type{DType: graph.Float32, Shape: graph.Shape{2}})
		b.Output("loss", op.TotalSum(x.Through(model)), true)
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		p    *graph.Program
		rule optim.Rule
		want string
	}{
		{"momentum 1", p, optim.SGD{Momentum: 1}, "momentum: expected 0 <= momentum < 1, got 1"},
		{"negative momentum", p, optim.SGD{Momentum: -0.1}, "momentum: expected 0 <= momentum < 1, got -0.1"},
		{"not a momentum", p, optim.SGD{Momentum: math.NaN()}, "momentum: expected 0 <= momentum < 1, got NaN"},
		{"twice", trained, optim.SGD{}, "expected a program without a guard, got one with; append one rule only"},
		{"not differentiated", traced, optim.SGD{}, "layer weight: expected an output gradient/weight, got none; differentiate the program first"},
		{"empty", &graph.Program{Guard: graph.None}, optim.SGD{}, "expected a differentiated program, got one without a loss"},
	} {
		if _, err := optim.Append(test.p, test.rule); err == nil || err.Error() != test.want {
			t.Errorf("%s: expected the error %q, got %v", test.name, test.want, err)
		}
	}
}

func TestOperationsRefuseOtherTypes(t *testing.T) {
	two := graph.Type{DType: graph.Float32, Shape: graph.Shape{2}}
	three := graph.Type{DType: graph.Float32, Shape: graph.Shape{3}}
	scalar := graph.Type{DType: graph.Float32}
	bytes := graph.Type{DType: graph.Uint8, Shape: graph.Shape{2}}
	for _, o := range optim.Operations() {
		for _, test := range []struct {
			in   []graph.Type
			want string
		}{
			{[]graph.Type{two, two}, "expected 3 operands, got 2"},
			{[]graph.Type{bytes, bytes, scalar}, "expected a float32 parameter, got uint8[2]"},
			{[]graph.Type{two, three, scalar}, "expected float32[2], got float32[3]"},
			{[]graph.Type{two, two, two}, "expected float32[], got float32[2]"},
		} {
			if _, err := o.Infer(test.in); err == nil || err.Error() != test.want {
				t.Errorf("%s of %v: expected the error %q, got %v", o.Name(), test.in, test.want, err)
			}
		}
		if typ, err := o.Infer([]graph.Type{two, two, scalar}); err != nil || !typ.Equal(two) {
			t.Errorf("%s: expected %v, got %v, %v", o.Name(), two, typ, err)
		}
	}
}

// A training program survives JSON.
func TestProgramDecodes(t *testing.T) {
	p, err := optim.Append(differentiated(t), optim.SGD{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	q, err := graph.Decode(text, graph.NewTable(op.Operations(), optim.Operations()))
	if err != nil {
		t.Fatal(err)
	}
	if d := p.Diff(q); d != "" {
		t.Errorf("expected the same program, got %s", d)
	}
}
