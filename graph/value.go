package graph

import "fmt"

// Value is a symbolic result: it knows its type and the operation that will
// compute it, but holds no numbers.
type Value struct {
	builder *Builder
	id      ID
	typ     Type
}

// ID is the value's number in the program that is being built.
func (v *Value) ID() ID { return v.id }

// Type is the value's element type and shape.
func (v *Value) Type() Type {
	if v == nil {
		return Type{} // refused when it is applied
	}
	return v.typ
}

// Shape is the value's shape, batch dimension first.
func (v *Value) Shape() Shape { return v.Type().Shape }

// Dim is the size of dimension i, as PyTorch's size(i).
func (v *Value) Dim(i int) int {
	s := v.Shape()
	if i < 0 || i >= len(s) {
		panic(v.builder.locate(&Error{Want: fmt.Sprintf("a value with a dimension %d", i), Got: v.Type().String()}))
	}
	return s[i]
}

// Training reports whether the program is traced for training, as opposed to
// evaluation; layers such as dropout behave differently.
func (v *Value) Training() bool { return v.builder.mode == Training }

// Builder is the builder of the program v belongs to.
func (v *Value) Builder() *Builder { return v.builder }

// Through applies the module m to v. Inside a module's Forward it names the
// layer: errors, the summary and the profile show the path of fields that
// leads to m.
func (v *Value) Through(m Module) *Value {
	if m == nil {
		panic(v.builder.locate(&Error{Want: "a module to apply", Got: "nil", Fix: "check the field for nil first"}))
	}
	leave := v.builder.enter(m)
	defer leave()
	return m.Forward(v)
}

// Param is the parameter p in this program. The same tensor is the same
// value, so shared weights are shared. It panics with an *Error, which the
// trace returns, when the model's parameter walk does not find p.
func (v *Value) Param(p *Tensor) *Value { return v.builder.param(p) }

// Apply records an operation on values of one program and returns its result.
// It is what the functions of package op are made of. A refusal of the
// operation's shape rule is a panic with an *Error, which the enclosing Trace
// or Edit returns as an error.
func Apply(op Operation, in ...*Value) *Value {
	if len(in) == 0 || in[0] == nil {
		panic(&Error{Op: op.Name(), Caller: caller(), Want: "a value as first operand", Got: "none"})
	}
	return in[0].builder.apply(op, in)
}

func (b *Builder) apply(op Operation, in []*Value) *Value {
	types, ids := make([]Type, len(in)), make([]ID, len(in))
	for i, v := range in {
		switch {
		case v == nil:
			panic(b.locate(&Error{Op: op.Name(), Want: fmt.Sprintf("a value as operand %d", i), Got: "nil"}))
		case v.builder != b:
			panic(b.locate(&Error{
				Op: op.Name(), Want: "operands of one program", Got: "a value of another trace",
				Fix: "values live only as long as the Forward call that made them",
			}))
		}
		types[i], ids[i] = v.typ, v.id
	}
	typ, err := op.Infer(types)
	if err == nil {
		err = typ.Check()
	}
	if err != nil {
		panic(b.locate(asError(err, op.Name())))
	}
	out := b.define(typ)
	b.program.Nodes = append(b.program.Nodes, Node{
		Op: op, In: ids, Out: out.id, Path: b.path(), Backward: b.backward,
	})
	return out
}

// asError is err as the refusal of what op names.
func asError(err error, op string) *Error {
	e, ok := err.(*Error)
	if !ok {
		e = &Error{Want: "a valid result", Got: err.Error()}
	}
	e.Op = op
	return e
}
