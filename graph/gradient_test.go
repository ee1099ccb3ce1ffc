package graph_test

import (
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
)

// The gradient of (w x) (w x) + w x with respect to w, where w x is used three
// times: its gradients are added up in the order in which the reverse pass
// meets them, the last use first.
func TestDifferentiate(t *testing.T) {
	model := newScale()
	p := trace(t, model, func(b *graph.Builder) {
		y := features(b).Through(model)
		b.Output("loss", op.TotalSum(op.Add(op.Mul(y, y), y)), false)
	})
	q, err := graph.Differentiate(p, "loss")
	if err != nil {
		t.Fatal(err)
	}
	if err := q.Validate(); err != nil {
		t.Fatal(err)
	}
	want := lines(`
		input  %1 float32[3* 2] x (sample)
		state  %0 float32[] weight
		%2 = mul(%1, %0)  float32[3* 2]
		%3 = mul(%2, %2)  float32[3* 2]
		%4 = add(%3, %2)  float32[3* 2]
		%5 = sum(%4)  float32[]
		%6 = constant() {"value":1,"type":{"dtype":"float32","shape":[]}}  float32[]
		%7 = constant() {"value":0,"type":{"dtype":"float32","shape":[3,2],"batched":true}}  float32[3* 2]  # '
		%8 = add(%7, %6)  float32[3* 2]  # '
		%9 = mul(%8, %2)  float32[3* 2]  # '
		%10 = mul(%8, %2)  float32[3* 2]  # '
		%11 = accumulate(%8, %9, %10)  float32[3* 2]  # '
		%12 = mul(%11, %1)  float32[3* 2]  # '
		%13 = sum(%12)  float32[]  # '
		output %5 loss
		output %13 gradient/weight
		`)
	if got := q.String(); got != want {
		t.Errorf("expected\n%s\ngot\n%s", want, got)
	}
}

// Backward operations carry the layer of the operation they belong to.
func TestGradientPaths(t *testing.T) {
	p := example(t)
	backward := map[string]bool{}
	for _, n := range p.Nodes {
		if n.Backward {
			backward[n.Path+":"+n.Op.Name()] = true
		}
	}
	for _, want := range []string{"0:sum", "1:relu_gradient", "2:mul", ":cross_entropy_losses_gradient", ":batch_mean_gradient"} {
		if !backward[want] {
			t.Errorf("expected the backward operation %s, got %v", want, backward)
		}
	}
}

// Gradients do not pass what does not lead to a value that is asked for, with
// or without a gradient of its own.
func TestGradientsStop(t *testing.T) {
	_, err := graph.Trace(nil, graph.Training, func(b *graph.Builder) {
		x, w := features(b), b.State("w", scalar())
		count := op.NonFiniteCount(x)
		y := op.Mul(op.Mul(op.Tanh(x), count), w)
		before := len(b.Program().Nodes)
		one := b.Constant(1, y.Type())
		grads := b.Gradients(y, one, w, count, b.State("unused", scalar()), y)
		if grads[0] == nil || grads[1] == nil || grads[2] != nil || grads[3] != one {
			t.Errorf("expected gradients of w and the count, none of what is unused, and the seed, got %v", grads)
		}
		for _, n := range b.Program().Nodes[before:] {
			if n.Op.Name() == "tanh_gradient" {
				t.Error("expected no gradient of tanh, got one")
			}
		}
	})
	if err != nil {
		t.Error(err)
	}
}

func TestDifferentiateRefused(t *testing.T) {
	for _, test := range []struct {
		name string
		loss func(b *graph.Builder, y *graph.Value) *graph.Value
		want string
	}{
		{"not a scalar", func(_ *graph.Builder, y *graph.Value) *graph.Value { return y },
			"expected a scalar loss, got float32[3* 2]; reduce it to one number, for instance to its mean"},
		{"a count", func(_ *graph.Builder, y *graph.Value) *graph.Value { return op.NonFiniteCount(y) },
			"non_finite_count (graph/gradient_test.go:LINE): expected an operation with a gradient, got one without; the loss must not depend on parameters through it"},
		{"errors", func(b *graph.Builder, y *graph.Value) *graph.Value {
			labels := b.Input("labels", graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{3}, Batched: true})
			return op.ErrorCount(y, labels, nil)
		}, "error_count (graph/gradient_test.go:LINE): expected an operation with a gradient, got one without; the loss must not depend on parameters through it"},
		{"independent", func(b *graph.Builder, _ *graph.Value) *graph.Value { return op.TotalSum(features(b)) },
			"layer weight: expected a parameter the loss depends on, got one it does not; use it in Forward, or do not declare it"},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := newScale()
			p := trace(t, model, func(b *graph.Builder) {
				b.Output("loss", test.loss(b, features(b).Through(model)), false)
			})
			_, err := graph.Differentiate(p, "loss")
			if err == nil || !strings.HasSuffix(withoutLines(err.Error()), test.want) {
				t.Errorf("expected %s\ngot %v", test.want, err)
			}
		})
	}
	_, err := graph.Differentiate(record(t, layers()), "error")
	if want := "expected an output named error, got none"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}
