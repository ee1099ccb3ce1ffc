package op

import (
	"fmt"
	"slices"

	"gradus/graph"
)

// ChannelSum adds up everything but dimension 1: [N C ...] to [C], all samples
// of a batch alike. It is the
// gradient of whatever is broadcast along the channels, a bias for instance.
func ChannelSum(x *graph.Value) *graph.Value {
	op := SumOp{PerChannel: true}
	if s := x.Shape(); len(s) > 1 {
		op.Shape = graph.Shape{s[1]}
	}
	return graph.Apply(op, x)
}

// TotalSum adds up all elements of x to a scalar.
func TotalSum(x *graph.Value) *graph.Value { return graph.Apply(SumOp{}, x) }

// SumOp is the operation behind ChannelSum and TotalSum.
type SumOp struct {
	PerChannel bool        `json:"per_channel,omitempty"`
	Shape      graph.Shape `json:"shape,omitempty"` // of the result: [C], [C 1 1] or []
}

// Name is "sum".
func (SumOp) Name() string { return "sum" }

// Infer wants one operand, with as many channels as the result has elements.
func (s SumOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if s.PerChannel && len(in[0].Shape) < 2 {
		return graph.Type{}, &graph.Error{Want: "at least 2 dimensions", Got: fmt.Sprint(in[0])}
	}
	want := 1
	if s.PerChannel {
		want = in[0].Shape[1]
	}
	if n, err := s.Shape.Elements(); err != nil || n != want {
		return graph.Type{}, &graph.Error{Want: fmt.Sprintf("a result of %d elements", want), Got: s.Shape.String()}
	}
	return plain(s.Shape...), nil
}

// Reference adds in index order.
func (s SumOp) Reference(in []graph.Array, out graph.Array) {
	x, plane := in[0], max(1, len(in[0].Data))
	if s.PerChannel {
		plane = 1
		for _, d := range x.Shape[2:] {
			plane *= d
		}
	}
	for i, v := range x.Data {
		out.Data[i/plane%len(out.Data)] += v
	}
}

// Gradient hands the sum's gradient to every element that was added.
func (s SumOp) Gradient(n graph.NodeGradient) []*graph.Value {
	x, g := n.In[0], n.Grad
	if s.PerChannel {
		ones := slices.Repeat(graph.Shape{1}, len(x.Shape())-1)
		ones[0] = x.Dim(1)
		g = reshape(g, ones)
	}
	return []*graph.Value{Add(x.Builder().Constant(0, x.Type()), g)}
}

// reshape keeps the elements and their order.
func reshape(x *graph.Value, shape graph.Shape) *graph.Value {
	if x.Shape().Equal(shape) {
		return x
	}
	return graph.Apply(UnflattenOp{shape}, Flatten(x))
}
