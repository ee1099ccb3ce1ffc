package op

import (
	"fmt"

	"gradus/graph"
)

// ChannelSum adds up everything but dimension 1: [N C ...] to [C]. It is the
// gradient of whatever is broadcast along the channels, a bias for instance.
func ChannelSum(x *graph.Value) *graph.Value { return graph.Apply(SumOp{PerChannel: true}, x) }

// TotalSum adds up all elements of x to a scalar.
func TotalSum(x *graph.Value) *graph.Value { return graph.Apply(SumOp{}, x) }

// SumOp is the operation behind ChannelSum and TotalSum.
type SumOp struct {
	PerChannel bool `json:"per_channel,omitempty"`
}

// Name is "sum".
func (SumOp) Name() string { return "sum" }

// Infer wants one operand, with a channel dimension when it is summed per
// channel.
func (s SumOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if !s.PerChannel {
		return plain(), nil
	}
	if len(in[0].Shape) < 2 {
		return graph.Type{}, &graph.Error{Want: "at least 2 dimensions", Got: fmt.Sprint(in[0])}
	}
	return plain(in[0].Shape[1]), nil
}

// Reference adds in index order.
func (s SumOp) Reference(in []graph.Array, out graph.Array) {
	x, inner := in[0], len(in[0].Data)
	if s.PerChannel {
		inner = 1
		for _, d := range x.Shape[2:] {
			inner *= d
		}
	}
	for i, v := range x.Data {
		out.Data[i/max(inner, 1)%len(out.Data)] += v
	}
}
