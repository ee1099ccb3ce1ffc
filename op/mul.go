package op

import "gradus/graph"

// Mul is a * b, element by element. One operand may be a scalar [] or have a
// number per channel, [C 1 1] beside [N C H W] or [C] beside [N C].
func Mul(a, b *graph.Value) *graph.Value { return graph.Apply(MulOp{}, a, b) }

// MulOp is the operation behind Mul.
type MulOp struct{}

// Name is "mul".
func (MulOp) Name() string { return "mul" }

// Infer wants operands that fit each other as Mul says.
func (MulOp) Infer(in []graph.Type) (graph.Type, error) { return broadcast(in) }

// Reference is a * b.
func (MulOp) Reference(in []graph.Array, out graph.Array) {
	a, b := channelOf(in[0].Shape, out.Shape), channelOf(in[1].Shape, out.Shape)
	for i := range out.Data {
		out.Data[i] = in[0].Data[a(i)] * in[1].Data[b(i)]
	}
}

// Gradient multiplies the gradient by the other operand, and sums it where an
// operand was broadcast.
func (MulOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, 2)
	for i, x := range n.In {
		if n.Need[i] {
			grads[i] = reduceTo(x.Type(), Mul(n.Grad, n.In[1-i]))
		}
	}
	return grads
}
