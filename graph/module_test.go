package graph_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/graph"
)

// layer has two parameters of its own.
type layer struct {
	Weight, Bias *graph.Tensor
}

func (*layer) Forward(x *graph.Value) *graph.Value { return x }

func newLayer() *layer { return &layer{graph.NewTensor(2, 2), graph.NewTensor(2)} }

// Base is embedded in other modules.
type Base struct {
	Inner *layer
	Gain  *graph.Tensor
}

// whole is any struct made into a module.
type whole[T any] struct{ Fields T }

func (whole[T]) Forward(x *graph.Value) *graph.Value { return x }

func names(t *testing.T, model graph.Module) []string {
	t.Helper()
	params, err := graph.Parameters(model)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range params {
		names = append(names, p.Name)
	}
	return names
}

func TestParameters(t *testing.T) {
	shared := newLayer()
	type point struct{ X, Y *graph.Tensor }
	for _, test := range []struct {
		name  string
		model graph.Module
		want  string
	}{
		{"a module's own parameters come first", whole[struct {
			Sub  *layer
			Gain *graph.Tensor
		}]{struct {
			Sub  *layer
			Gain *graph.Tensor
		}{newLayer(), graph.NewTensor()}}, "fields.gain fields.sub.weight fields.sub.bias"},
		{"shared modules count once", &pair{shared, shared}, "first.weight first.bias"},
		{"shared tensors count once", &pair{shared, &layer{shared.Weight, graph.NewTensor(2)}}, "first.weight first.bias second.bias"},
		{"nil is skipped", &pair{nil, &layer{nil, graph.NewTensor(2)}}, "second.bias"},
		{"embedded fields are the outer module's", &embedding{Base: Base{newLayer(), graph.NewTensor()}, Weight: graph.NewTensor()},
			"gain weight inner.weight inner.bias"},
		{"embedded pointers too", &embeddingPointer{&Base{newLayer(), graph.NewTensor()}}, "gain inner.weight inner.bias"},
		{"elements are numbered", whole[[]graph.Module]{[]graph.Module{newLayer(), nil, newLayer()}},
			"fields.0.weight fields.0.bias fields.2.weight fields.2.bias"},
		{"arrays and plain structs are searched", whole[[2]point]{[2]point{{graph.NewTensor(), nil}, {nil, graph.NewTensor()}}},
			"fields.0.x fields.1.y"},
		{"slices of tensors", whole[[]*graph.Tensor]{[]*graph.Tensor{graph.NewTensor(), graph.NewTensor()}}, "fields.0 fields.1"},
		{"words are separated", &worded{newLayer(), graph.NewTensor(), graph.NewTensor(), graph.NewTensor()},
			"relu6_gain xy_scale w renamed.weight renamed.bias"},
		{"a struct and its first field are two", func() graph.Module {
			a := &outer{Weight: graph.NewTensor()}
			a.First.Weight = graph.NewTensor()
			return &both{&a.First, a}
		}(), "first.weight whole.weight"},
		{"an embedded tensor is a parameter", &bare{graph.NewTensor()}, "tensor"},
		{"a slice can be the model", chain{newScale(), newScale()}, "0.weight 1.weight"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := strings.Join(names(t, test.model), " "); got != test.want {
				t.Errorf("expected %s, got %s", test.want, got)
			}
		})
	}
}

type pair struct{ First, Second *layer }

func (*pair) Forward(x *graph.Value) *graph.Value { return x }

type embedding struct {
	Base
	Weight *graph.Tensor
}

func (*embedding) Forward(x *graph.Value) *graph.Value { return x }

type embeddingPointer struct{ *Base }

func (*embeddingPointer) Forward(x *graph.Value) *graph.Value { return x }

type worded struct {
	ResidualShapeAdjust *layer        `name:"renamed"`
	ReLU6Gain           *graph.Tensor `name:"relu6_gain"`
	XYScale             *graph.Tensor
	W                   *graph.Tensor
}

func (*worded) Forward(x *graph.Value) *graph.Value { return x }

// A module that refers to itself is walked once.
func TestParametersOfACycle(t *testing.T) {
	m := &ring{Weight: graph.NewTensor()}
	m.Next = m
	if diff := cmp.Diff([]string{"weight"}, names(t, m)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

type ring struct {
	Weight *graph.Tensor
	Next   *ring
}

func (*ring) Forward(x *graph.Value) *graph.Value { return x }

func TestParametersRefused(t *testing.T) {
	for _, test := range []struct {
		name  string
		model graph.Module
		want  string
	}{
		{"none", whole[int]{3}, "expected a model with parameters, got none in its exported fields; parameters are exported fields of type *graph.Tensor"},
		{"unexported", &hiding{newLayer()}, "expected parameters in exported fields only, got one in the unexported field inner of graph_test.hiding; export the field, so that it is trained and saved"},
		{"deep", whole[[]*hiding]{[]*hiding{{}, {newLayer()}}}, "layer fields.1: expected parameters in exported fields only, got one in the unexported field inner of graph_test.hiding; export the field, so that it is trained and saved"},
		{"map", whole[map[string]*layer]{map[string]*layer{"a": newLayer()}}, "layer fields: expected parameters in fields or slices, got a map, which has no order; use a slice"},
		{"one name for two", &twins{graph.NewTensor(), graph.NewTensor()}, "expected names of parameters to be unique, got w twice; choose another with a field tag name"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := graph.Parameters(test.model)
			if err == nil || err.Error() != test.want {
				t.Errorf("expected %s\ngot %v", test.want, err)
			}
		})
	}
}

type hiding struct{ inner graph.Module }

func (*hiding) Forward(x *graph.Value) *graph.Value { return x }

type twins struct {
	A *graph.Tensor `name:"w"`
	B *graph.Tensor `name:"w"`
}

func (*twins) Forward(x *graph.Value) *graph.Value { return x }

type outer struct {
	First  scale
	Weight *graph.Tensor
}

func (*outer) Forward(x *graph.Value) *graph.Value { return x }

type both struct {
	First *scale
	Whole *outer
}

func (*both) Forward(x *graph.Value) *graph.Value { return x }

type bare struct{ *graph.Tensor }

func (*bare) Forward(x *graph.Value) *graph.Value { return x }
