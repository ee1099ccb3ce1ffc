package nn

import (
	"gradus/graph"
	"gradus/op"
	"gradus/random"
)

// LinearOptions are the options of NewLinear; the zero value is with bias.
type LinearOptions struct {
	NoBias bool `json:"no_bias,omitempty"`
}

// Linear is x times the transposed weight, plus bias: [N in] to [N out].
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
type Linear struct {
	Weight *graph.Tensor // [out in]
	Bias   *graph.Tensor // [out], nil for none

	refusal *graph.Error // of the constructor's arguments
}

// NewLinear makes a linear layer from in to out features, its weight and bias
// drawn from r uniformly in +-1/sqrt(in), the weight first. Features below 1
// are refused when the layer is traced.
func NewLinear(r *random.Stream, in, out int, o LinearOptions) *Linear {
	l := &Linear{}
	l.Weight, l.Bias, l.refusal = affine{
		operation: "linear", layout: "[out in]",
		weight: graph.Shape{out, in}, noBias: o.NoBias,
	}.draw(r)
	return l
}

// Forward is op.Linear with the layer's parameters.
func (l *Linear) Forward(x *graph.Value) *graph.Value {
	if l.refusal != nil {
		x.Refuse(*l.refusal)
	}
	var bias *graph.Value
	if l.Bias != nil {
		bias = x.Param(l.Bias)
	}
	return op.Linear(x, x.Param(l.Weight), bias)
}
