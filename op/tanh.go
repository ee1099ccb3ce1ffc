package op

import (
	"math"

	"gradus/graph"
)

// Tanh is the hyperbolic tangent of x, element by element.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html
func Tanh(x *graph.Value) *graph.Value { return graph.Apply(TanhOp{}, x) }

// TanhOp is the operation behind Tanh.
type TanhOp struct{}

// Name is "tanh".
func (TanhOp) Name() string { return "tanh" }

// Infer wants one float32 operand.
func (TanhOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 1) }

// Reference is the formula of Tanh.
func (TanhOp) Reference(in []graph.Array, out graph.Array) {
	for i, x := range in[0].Data {
		out.Data[i] = math.Tanh(x)
	}
}

// Gradient is dy*(1-y*y).
func (TanhOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(TanhGradientOp{}, n.Out, n.Grad)}
}

// TanhGradientOp is the backward operation of TanhOp: (y, dy) to
// dy*(1-y*y).
type TanhGradientOp struct{}

// Name is "tanh_gradient".
func (TanhGradientOp) Name() string { return "tanh_gradient" }

// Infer wants two operands of one float32 type.
func (TanhGradientOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 2) }

// Reference is dy*(1-y*y).
func (TanhGradientOp) Reference(in []graph.Array, out graph.Array) {
	for i, y := range in[0].Data {
		out.Data[i] = in[1].Data[i] * (1 - y*y)
	}
}
