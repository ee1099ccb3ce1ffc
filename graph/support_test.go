package graph_test

import (
	"regexp"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
)

// scale multiplies every element by one learned number.
type scale struct{ Weight *graph.Tensor }

func newScale() *scale { return &scale{graph.NewTensor()} }

func (s *scale) Forward(x *graph.Value) *graph.Value { return op.Mul(x, x.Param(s.Weight)) }

// chain applies its modules from the first to the last.
type chain []graph.Module

func (c chain) Forward(x *graph.Value) *graph.Value {
	for _, m := range c {
		x = x.Through(m)
	}
	return x
}

// function is a module without parameters.
type function func(x *graph.Value) *graph.Value

func (f function) Forward(x *graph.Value) *graph.Value { return f(x) }

// features is the input x, a batch of three samples with two numbers each.
func features(b *graph.Builder) *graph.Value {
	return b.Input("x", graph.Sample, batched(3, 2))
}

func batched(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: shape, Batched: true}
}

func scalar() graph.Type { return graph.Type{DType: graph.Float32, Shape: graph.Shape{}} }

// trace records f and expects it to succeed.
func trace(t *testing.T, model graph.Module, f func(b *graph.Builder)) *graph.Program {
	t.Helper()
	p, err := graph.Trace(model, graph.Training, f)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Fatalf("expected a valid program, got %v:\n%v", err, p)
	}
	return p
}

// example is a program with something of everything: two layers, a loss, its
// gradients, an update that is guarded, and settings.
func example(t *testing.T) *graph.Program {
	t.Helper()
	model := layers()
	p := trace(t, model, func(b *graph.Builder) {
		y := features(b).Through(model)
		labels := b.Input("labels", graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{3}, Batched: true})
		valid := b.Input("valid", graph.Count, scalar())
		b.Output("loss", op.CrossEntropy(y, labels, valid), false)
		b.Output("errors", op.ErrorCount(y, labels, valid), true)
	})
	p, err := graph.Differentiate(p, "loss")
	if err != nil {
		t.Fatal(err)
	}
	p, err = graph.Edit(p, func(b *graph.Builder) {
		var gradients []*graph.Value
		for _, s := range p.States {
			o, _ := p.Output(graph.GradientName(s.Name))
			gradients = append(gradients, b.Value(o.Value))
			step := op.Mul(b.Value(o.Value), b.Setting("learning_rate"))
			b.Update(s.Name, op.Add(b.Value(s.In), op.Affine(step, -1, 0)))
		}
		b.Guard(op.NonFiniteCount(gradients...))
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Validate(); err != nil {
		t.Fatalf("expected a valid program, got %v:\n%v", err, p)
	}
	return p
}

// lines removes the indentation that a text has in the source of a test.
func lines(text string) string {
	var out []string
	for line := range strings.Lines(strings.TrimLeft(text, "\n")) {
		out = append(out, strings.TrimPrefix(strings.TrimRight(line, " \t\n"), "\t\t"))
	}
	return strings.Join(out, "\n")
}

var lineNumber = regexp.MustCompile(`\.go:\d+`)

// withoutLines replaces the line numbers of a message.
func withoutLines(message string) string { return lineNumber.ReplaceAllString(message, ".go:LINE") }
