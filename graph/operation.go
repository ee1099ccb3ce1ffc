package graph

// Operation is what a node of a program does. Its exported fields are its
// attributes and survive a round trip through JSON; the value itself is
// plain data without pointers into a model.
type Operation interface {
	// Name is the operation's name in dumps, profiles and JSON, for instance
	// "conv2d". It is unique in a program's table of operations.
	Name() string
	// Infer is the shape rule: the type of the result for operands of the
	// given types, or an *Error that says what was wanted and what came.
	Infer(in []Type) (Type, error)
	// Reference computes the result in float64: the definition every device
	// is compared with. It must not keep
	// or change its inputs; out holds zeros when it is called.
	Reference(in []Array, out Array)
}

// Differentiable is an Operation that has a gradient rule.
type Differentiable interface {
	Operation
	// Gradient records the operations that compute the gradient of each
	// operand of the node, given the gradient of its result. The answer has
	// one entry per operand, nil where the operand has no gradient or the
	// tape does not need it.
	Gradient(n NodeGradient) []*Value
}

// NodeGradient is what a gradient rule is given.
type NodeGradient struct {
	In   []*Value // the node's operands
	Out  *Value   // the node's result
	Grad *Value   // gradient of the loss with respect to Out, same type as Out
	Need []bool   // which operands lead to something whose gradient is asked for
}

// Table maps names to operations: what a program may contain when it is
// decoded from JSON. The values only serve as types.
type Table map[string]Operation

// NewTable makes a table of operations, together with the core's own.
func NewTable(lists ...[]Operation) Table {
	t := Table{}
	for _, op := range []Operation{ConstantOp{}, AccumulateOp{}} {
		t[op.Name()] = op
	}
	for _, list := range lists {
		for _, op := range list {
			t[op.Name()] = op
		}
	}
	return t
}
