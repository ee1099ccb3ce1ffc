package graph

import "fmt"

// ConstantOp is a value every element of which is the same number. It is one of
// the two operations that belong to the core: the seed of a gradient is one.
type ConstantOp struct {
	Value float64 `json:"value"`
	Type  Type    `json:"type"`
}

// Name is "constant".
func (ConstantOp) Name() string { return "constant" }

// Infer returns the type the constant was made with.
func (c ConstantOp) Infer(in []Type) (Type, error) {
	if len(in) != 0 {
		return Type{}, &Error{Want: "no operands", Got: fmt.Sprint(len(in))}
	}
	return c.Type, c.Type.Check()
}

// Reference fills out with the value.
func (c ConstantOp) Reference(_ []Array, out Array) {
	for i := range out.Data {
		out.Data[i] = c.Value
	}
}

// Gradient is empty: a constant has no operands.
func (ConstantOp) Gradient(NodeGradient) []*Value { return nil }

// AccumulateOp adds the gradients of a value that is used more than once. The
// operands are added from the first to the last, in the order in which the
// reverse pass met the uses.
type AccumulateOp struct{}

// Name is "accumulate".
func (AccumulateOp) Name() string { return "accumulate" }

// Infer wants two or more operands of one type.
func (AccumulateOp) Infer(in []Type) (Type, error) {
	if len(in) < 2 {
		return Type{}, &Error{Want: "at least 2 operands", Got: fmt.Sprint(len(in))}
	}
	for _, t := range in[1:] {
		if !t.Equal(in[0]) {
			return Type{}, &Error{Want: in[0].String(), Got: t.String()}
		}
	}
	return in[0], nil
}

// Reference adds the operands in order.
func (AccumulateOp) Reference(in []Array, out Array) {
	copy(out.Data, in[0].Data)
	for _, x := range in[1:] {
		for i, v := range x.Data {
			out.Data[i] += v
		}
	}
}

// Gradient hands the gradient to every operand.
func (AccumulateOp) Gradient(n NodeGradient) []*Value {
	grads := make([]*Value, len(n.In))
	for i := range grads {
		grads[i] = n.Grad
	}
	return grads
}
