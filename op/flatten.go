package op

import (
	"fmt"

	"gradus/graph"
)

// Flatten makes one dimension of all but the first: [N C H W] to [N C*H*W].
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
func Flatten(x *graph.Value) *graph.Value { return graph.Apply(FlattenOp{}, x) }

// FlattenOp is the operation behind Flatten.
type FlattenOp struct{}

// Name is "flatten".
func (FlattenOp) Name() string { return "flatten" }

// Infer wants at least one dimension, that of the batch.
func (FlattenOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if len(in[0].Shape) == 0 {
		return graph.Type{}, &graph.Error{Want: "at least 1 dimension", Got: in[0].String()}
	}
	n, err := in[0].Shape[1:].Elements()
	return graph.Type{DType: graph.Float32, Shape: graph.Shape{in[0].Shape[0], n}, Batched: in[0].Batched}, err
}

// Reference copies: the elements keep their order.
func (FlattenOp) Reference(in []graph.Array, out graph.Array) { copy(out.Data, in[0].Data) }

// Gradient brings the shape back.
func (FlattenOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(UnflattenOp{n.In[0].Shape()}, n.Grad)}
}

// UnflattenOp is the backward operation of FlattenOp: back to Shape.
type UnflattenOp struct {
	Shape graph.Shape `json:"shape"`
}

// Name is "unflatten".
func (UnflattenOp) Name() string { return "unflatten" }

// Infer wants [N F] with the samples and elements per sample of the shape.
func (u UnflattenOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if _, err := u.Shape.Elements(); err != nil || len(u.Shape) == 0 {
		return graph.Type{}, &graph.Error{Want: "a shape with at least 1 dimension", Got: u.Shape.String()}
	}
	want, err := u.Shape[1:].Elements()
	if x := in[0].Shape; err != nil || len(x) != 2 || x[0] != u.Shape[0] || x[1] != want {
		return graph.Type{}, &graph.Error{Want: fmt.Sprintf("%d samples of %d elements, for %v", u.Shape[0], want, u.Shape), Got: in[0].String()}
	}
	return graph.Type{DType: graph.Float32, Shape: u.Shape, Batched: in[0].Batched}, nil
}

// Reference copies: the elements keep their order.
func (UnflattenOp) Reference(in []graph.Array, out graph.Array) { copy(out.Data, in[0].Data) }

// Gradient flattens again.
func (UnflattenOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{Flatten(n.Grad)}
}
