package op

import (
	"math"

	"gradus/graph"
)

// Sigmoid is 1 / (1 + exp(-x)), element by element.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html
func Sigmoid(x *graph.Value) *graph.Value { return graph.Apply(SigmoidOp{}, x) }

// SigmoidOp is the operation behind Sigmoid.
type SigmoidOp struct{}

// Name is "sigmoid".
func (SigmoidOp) Name() string { return "sigmoid" }

// Infer wants one float32 operand.
func (SigmoidOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 1) }

// Reference is the formula of Sigmoid.
func (SigmoidOp) Reference(in []graph.Array, out graph.Array) {
	for i, x := range in[0].Data {
		out.Data[i] = 1 / (1 + math.Exp(-x))
	}
}

// Gradient is dy*y*(1-y).
func (SigmoidOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(SigmoidGradientOp{}, n.Out, n.Grad)}
}

// SigmoidGradientOp is the backward operation of SigmoidOp: (y, dy) to
// dy*y*(1-y).
type SigmoidGradientOp struct{}

// Name is "sigmoid_gradient".
func (SigmoidGradientOp) Name() string { return "sigmoid_gradient" }

// Infer wants two operands of one float32 type.
func (SigmoidGradientOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 2) }

// Reference is dy*y*(1-y).
func (SigmoidGradientOp) Reference(in []graph.Array, out graph.Array) {
	for i, y := range in[0].Data {
		out.Data[i] = in[1].Data[i] * y * (1 - y)
	}
}
