package op

import "gradus/graph"

// Add is a + b. One operand may be a scalar [] or have a number per channel,
// [C 1 1] beside [N C H W] or [C] beside [N C].
func Add(a, b *graph.Value) *graph.Value { return graph.Apply(AddOp{}, a, b) }

// AddOp is the operation behind Add.
type AddOp struct{}

// Name is "add".
func (AddOp) Name() string { return "add" }

// Infer wants operands that fit each other as Add says.
func (AddOp) Infer(in []graph.Type) (graph.Type, error) { return broadcast(in) }

// Reference is a + b.
func (AddOp) Reference(in []graph.Array, out graph.Array) {
	a, b := channelOf(in[0].Shape, out.Shape), channelOf(in[1].Shape, out.Shape)
	for i := range out.Data {
		out.Data[i] = in[0].Data[a(i)] + in[1].Data[b(i)]
	}
}

// Gradient hands the gradient to both operands, summed where one was
// broadcast.
func (AddOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, 2)
	for i, x := range n.In {
		if n.Need[i] {
			grads[i] = reduceTo(x.Type(), n.Grad)
		}
	}
	return grads
}
