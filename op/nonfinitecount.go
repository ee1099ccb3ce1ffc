package op

import (
	"fmt"

	"gradus/graph"
)

// NonFiniteCount is the number of elements of all operands that are infinite or
// not a number: a scalar. It guards updates and has no gradient.
func NonFiniteCount(values ...*graph.Value) *graph.Value {
	return graph.Apply(NonFiniteCountOp{}, values...)
}

// NonFiniteCountOp is the operation behind NonFiniteCount.
type NonFiniteCountOp struct{}

// Name is "non_finite_count".
func (NonFiniteCountOp) Name() string { return "non_finite_count" }

// Infer wants one or more float32 operands of any shapes.
func (NonFiniteCountOp) Infer(in []graph.Type) (graph.Type, error) {
	if len(in) == 0 {
		return graph.Type{}, &graph.Error{Want: "at least 1 operand", Got: fmt.Sprint(len(in))}
	}
	return plain(), operands(in, len(in))
}

// Reference counts NaN and infinities.
func (NonFiniteCountOp) Reference(in []graph.Array, out graph.Array) {
	for _, x := range in {
		for _, v := range x.Data {
			if v-v != 0 {
				out.Data[0]++
			}
		}
	}
}
