package op

import "gradus/graph"

// ReLU is max(x, 0), element by element; NaN stays NaN.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html
func ReLU(x *graph.Value) *graph.Value { return graph.Apply(ReLUOp{}, x) }

// ReLUOp is the operation behind ReLU.
type ReLUOp struct{}

// Name is "relu".
func (ReLUOp) Name() string { return "relu" }

// Infer wants one float32 operand.
func (ReLUOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 1) }

// Reference is x where it is above 0 or NaN, else 0.
func (ReLUOp) Reference(in []graph.Array, out graph.Array) {
	for i, v := range in[0].Data {
		out.Data[i] = v
		if v <= 0 {
			out.Data[i] = 0
		}
	}
}

// Gradient lets the gradient pass where the result is above 0.
func (ReLUOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(ReLUGradientOp{}, n.Out, n.Grad)}
}

// ReLUGradientOp is the backward operation of ReLUOp: (y, dy) to dy where y > 0,
// else 0. As in PyTorch the gradient at 0 is 0, and a NaN lets it pass.
type ReLUGradientOp struct{}

// Name is "relu_gradient".
func (ReLUGradientOp) Name() string { return "relu_gradient" }

// Infer wants two operands of one float32 type.
func (ReLUGradientOp) Infer(in []graph.Type) (graph.Type, error) { return elementwise(in, 2) }

// Reference is dy where y is not <= 0.
func (ReLUGradientOp) Reference(in []graph.Array, out graph.Array) {
	for i, y := range in[0].Data {
		out.Data[i] = in[1].Data[i]
		if y <= 0 {
			out.Data[i] = 0
		}
	}
}
