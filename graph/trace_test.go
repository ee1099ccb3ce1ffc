package graph_test

import (
	"slices"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
)

// golden is the forward pass of two layers around a function, with labels.
const golden = `
		input  %2 float32[3* 2] x (sample)
		input  %6 int32[3*] labels (sample)
		state  %0 float32[] 0.weight
		state  %1 float32[] 2.weight
		%3 = mul(%2, %0)  float32[3* 2]  # 0
		%4 = relu(%3)  float32[3* 2]  # 1
		%5 = mul(%4, %1)  float32[3* 2]  # 2
		%7 = cross_entropy_losses(%5, %6)  float32[3*]
		%8 = sum(%7)  float32[]
		%9 = affine(%8) {"scale":0.5,"shift":0}  float32[]
		output %9 loss (summed)
		output %5 logits
		`

func layers() graph.Module { return chain{newScale(), &named{op.ReLU}, newScale()} }

// named is a module that can be told from others, as a pointer.
type named struct{ f function }

func (n *named) Forward(x *graph.Value) *graph.Value { return n.f(x) }

func record(t *testing.T, model graph.Module) *graph.Program {
	t.Helper()
	return trace(t, model, func(b *graph.Builder) {
		y := features(b).Through(model)
		labels := b.Input("labels", graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{3}, Batched: true})
		op.Tanh(y) // nothing depends on it
		b.Output("loss", op.Affine(op.TotalSum(op.CrossEntropyLosses(y, labels)), 0.5, 0), true)
		b.Output("logits", y, false)
	})
}

// A program is what the outputs depend on, with its signature: inputs and
// states in the order of their declaration.
func TestTrace(t *testing.T) {
	p := record(t, layers())
	if got, want := p.String(), lines(golden); got != want {
		t.Errorf("expected\n%s\ngot\n%s", want, got)
	}
	if q := record(t, layers()); !p.Equal(q) {
		t.Errorf("expected the same program again, got %s", p.Diff(q))
	}
	if got := p.Batch(); got != 3 {
		t.Errorf("expected a batch of 3, got %d", got)
	}
}

func TestDiff(t *testing.T) {
	p := record(t, layers())
	q, err := graph.Edit(p, func(b *graph.Builder) { b.Setting("rate") })
	if err != nil {
		t.Fatal(err)
	}
	want := "line 3: state  %0 float32[] 0.weight\n     vs: input  %10 float32[] rate (setting)"
	if got := p.Diff(q); got != want {
		t.Errorf("expected\n%s\ngot\n%s", want, got)
	}
	if d := p.Diff(p); d != "" || p.Equal(q) {
		t.Errorf("expected no difference from itself and one from the other, got %q", d)
	}
}

// The same parameter is the same value, wherever it is used.
func TestSharedParameter(t *testing.T) {
	s := newScale()
	p := record(t, chain{s, s})
	if len(p.States) != 1 || p.Nodes[0].In[1] != p.Nodes[1].In[1] {
		t.Errorf("expected one state, used twice, got\n%v", p)
	}
}

// block applies a module in the slice of a plain struct, and one made on the
// fly.
type block struct {
	Parts struct{ List []graph.Module }
	Skip  graph.Module
}

func (b *block) Forward(x *graph.Value) *graph.Value {
	for _, m := range b.Parts.List {
		x = x.Through(m)
	}
	x = x.Through(&named{op.ReLU}).Through(b.Skip)
	return op.Tanh(x)
}

func TestPaths(t *testing.T) {
	inner := &block{Skip: &named{op.Sigmoid}}
	inner.Parts.List = []graph.Module{newScale(), &named{op.ReLU}}
	outer := &block{Skip: inner}
	p := trace(t, outer, func(b *graph.Builder) { b.Output("y", features(b).Through(outer), false) })
	var got []string
	for _, n := range p.Nodes {
		got = append(got, n.Path+":"+n.Op.Name())
	}
	want := []string{
		":relu", "skip.parts.list.0:mul", "skip.parts.list.1:relu", "skip:relu", "skip.skip:sigmoid", "skip:tanh", ":tanh",
	}
	if !slices.Equal(got, want) {
		t.Errorf("expected %v, got %v", want, got)
	}
}

// Modules that are equal are told apart by the order of their use.
func TestPathsOfEqualModules(t *testing.T) {
	shared := newScale()
	model := chain{shared, rectifier{}, shared, rectifier{}, &named{op.Tanh}}
	p := trace(t, model, func(b *graph.Builder) { b.Output("y", features(b).Through(model), false) })
	var got []string
	for _, n := range p.Nodes {
		got = append(got, n.Path+":"+n.Op.Name())
	}
	if want := []string{"0:mul", "1:relu", "2:mul", "3:relu", "4:tanh"}; !slices.Equal(got, want) {
		t.Errorf("expected %v, got %v", want, got)
	}
	again := &repeated{rectifier{}}
	p = trace(t, nil, func(b *graph.Builder) { b.Output("y", features(b).Through(again), false) })
	for _, n := range p.Nodes {
		if n.Path != "activation" {
			t.Errorf("expected activation, got %q", n.Path)
		}
	}
}

type rectifier struct{}

func (rectifier) Forward(x *graph.Value) *graph.Value { return op.ReLU(x) }

type repeated struct{ Activation graph.Module }

func (r *repeated) Forward(x *graph.Value) *graph.Value {
	return x.Through(r.Activation).Through(r.Activation)
}

func TestMode(t *testing.T) {
	for mode, want := range map[graph.Mode]bool{graph.Training: true, graph.Evaluation: false} {
		_, err := graph.Trace(nil, mode, func(b *graph.Builder) {
			if got := features(b).Training(); got != want {
				t.Errorf("%s: expected training %v, got %v", mode, want, got)
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestTraceRefused(t *testing.T) {
	stray, elsewhere := newScale(), &graph.Value{}
	tooShort := &scale{&graph.Tensor{Shape: graph.Shape{2}, Data: []float32{1}}}
	if _, err := graph.Trace(nil, graph.Training, func(b *graph.Builder) { elsewhere = features(b) }); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		layer  function
		want   string
		params *graph.Tensor
	}{
		{name: "shapes", layer: func(x *graph.Value) *graph.Value { return op.Conv2d(x, x, nil, op.Conv2dOptions{}) },
			want: "layer 1: conv2d (graph/trace_test.go:LINE): expected images [N C H W], got float32[3* 2]"},
		{name: "undeclared parameter", layer: stray.Forward,
			want: "layer 1 (graph/support_test.go:LINE): expected a parameter of the traced model, got a tensor that none of its exported fields holds; make it an exported field of a module in the model"},
		{name: "nil parameter", layer: func(x *graph.Value) *graph.Value { return x.Param(nil) },
			want: "layer 1 (graph/trace_test.go:LINE): expected a parameter of the traced model, got nil; make it an exported field of a module in the model"},
		{name: "nil module", layer: func(x *graph.Value) *graph.Value { return x.Through(nil) },
			want: "layer 1 (graph/trace_test.go:LINE): expected a module to apply, got nil; check the field for nil first"},
		{name: "nil operand", layer: func(x *graph.Value) *graph.Value { return op.Add(x, nil) },
			want: "layer 1: add (graph/trace_test.go:LINE): expected a value as operand 1, got nil"},
		{name: "nil first", layer: func(x *graph.Value) *graph.Value { return op.ReLU(nil) },
			want: "relu (graph/trace_test.go:LINE): expected a value as first operand, got none"},
		{name: "another trace", layer: func(x *graph.Value) *graph.Value { return op.Add(x, elsewhere) },
			want: "layer 1: add (graph/trace_test.go:LINE): expected operands of one program, got a value of another trace; values live only as long as the Forward call that made them"},
		{name: "refused by the module", layer: func(x *graph.Value) *graph.Value {
			x.Refuse(graph.Error{Op: "mine", Want: "a", Got: "b"})
			return x
		}, want: "layer 1: mine (graph/trace_test.go:LINE): expected a, got b"},
		{name: "input that changes", layer: func(x *graph.Value) *graph.Value { return x.Builder().Input("x", graph.Whole, x.Type()) },
			want: "layer 1 (graph/trace_test.go:LINE): expected input x to stay float32[3* 2] (sample), got float32[3* 2] (whole)"},
		{name: "sample without batch", layer: func(x *graph.Value) *graph.Value { return x.Builder().Input("y", graph.Sample, scalar()) },
			want: "layer 1: input y (graph/trace_test.go:LINE): expected a batch dimension for feed sample, got float32[]"},
		{name: "output twice", layer: func(x *graph.Value) *graph.Value { x.Builder().Output("y", x, false); return x },
			want: "expected names of outputs to be unique, got y twice"},
		{name: "state twice", layer: func(x *graph.Value) *graph.Value { return x.Builder().State("0.weight", scalar()) },
			want: "layer 1 (graph/trace_test.go:LINE): expected names of states to be unique, got 0.weight twice"},
		{name: "update of another type", layer: func(x *graph.Value) *graph.Value { x.Builder().Update("0.weight", x); return x },
			want: "layer 1 (graph/trace_test.go:LINE): expected state 0.weight to stay float32[], got float32[3* 2]"},
		{name: "update of nothing", layer: func(x *graph.Value) *graph.Value { x.Builder().Update("weight", x); return x },
			want: "layer 1 (graph/trace_test.go:LINE): expected a declared state, got weight"},
		{name: "guard", layer: func(x *graph.Value) *graph.Value { x.Builder().Guard(x); return x },
			want: "layer 1 (graph/trace_test.go:LINE): expected one guard, a scalar, got another, float32[3* 2]"},
		{name: "parameter of the wrong size", params: tooShort.Weight,
			want: "2.weight: expected 2 numbers for shape [2], got 1"},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := chain{newScale(), &named{test.layer}}
			if test.params != nil {
				model = append(model, &scale{test.params})
			}
			p, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
				b.Output("y", features(b).Through(model), false)
			})
			if err == nil || p != nil {
				t.Fatalf("expected an error and no program, got %v", p)
			}
			if got := withoutLines(err.Error()); !strings.HasSuffix(got, test.want) || strings.Contains(got, "\n") {
				t.Errorf("expected %s\ngot %s", test.want, got)
			}
		})
	}
}

// Panics that are not refusals are bugs, and go on.
func TestTracePanics(t *testing.T) {
	defer func() {
		if p := recover(); p != "a bug" {
			t.Errorf("expected the panic to go on, got %v", p)
		}
	}()
	_, err := graph.Trace(nil, graph.Training, func(*graph.Builder) { panic("a bug") })
	t.Errorf("expected a panic, got error %v", err)
}

// Edit works on a copy.
func TestEdit(t *testing.T) {
	p := record(t, layers())
	before := p.String()
	q, err := graph.Edit(p, func(b *graph.Builder) {
		w, _ := p.State("0.weight")
		logits, _ := p.Output("logits")
		b.Update("0.weight", op.Mul(b.Value(w.In), b.Setting("decay")))
		b.Guard(op.NonFiniteCount(b.Value(logits.Value)))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Validate(); err != nil {
		t.Error(err)
	}
	if p.String() != before {
		t.Errorf("expected the edited program to stay, got\n%v", p)
	}
	want := strings.NewReplacer(
		"\t\tstate  %0 float32[] 0.weight\n", "\t\tinput  %10 float32[] decay (setting)\n\t\tstate  %0 float32[] 0.weight -> %11\n",
		"\t\toutput %9", "\t\t%11 = mul(%0, %10)  float32[]\n\t\t%12 = non_finite_count(%5)  float32[]\n\t\toutput %9",
		"logits\n", "logits\n\t\tguard  %12\n",
	).Replace(golden)
	if got := q.String(); got != lines(want) {
		t.Errorf("expected\n%s\ngot\n%s", lines(want), got)
	}
	if _, err := graph.Edit(p, func(b *graph.Builder) { b.Value(0).Param(graph.NewTensor()) }); err == nil {
		t.Error("expected an edit to know no parameters, got one")
	}
}

func TestNameOf(t *testing.T) {
	p := example(t)
	names := map[string]bool{}
	for id := range p.Values {
		names[p.NameOf(graph.ID(id))] = true
	}
	for _, want := range []string{"x", "0.weight", "loss", "gradient/2.weight", "1 relu", "cross_entropy_losses"} {
		if !names[want] {
			t.Errorf("expected a value called %s, got %v", want, names)
		}
	}
}
