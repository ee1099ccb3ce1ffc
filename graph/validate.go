package graph

import "fmt"

// Validate checks what every executor relies on: single assignment, operands
// defined before use, types as the shape rules say, states that keep their
// type, and unique names.
func (p *Program) Validate() error {
	v := validator{p: p, defined: make([]bool, len(p.Values))}
	for id, t := range p.Values {
		if err := t.Check(); err != nil {
			return fmt.Errorf("program: value %%%d: %w", id, err)
		}
	}
	names := map[string]bool{}
	for _, in := range p.Inputs {
		v.define(in.Value, "input "+in.Name)
		v.unique(names, "input "+in.Name)
		v.feed(in)
	}
	for _, s := range p.States {
		v.define(s.In, "state "+s.Name)
		v.unique(names, "state "+s.Name)
	}
	for i, n := range p.Nodes {
		v.node(i, n)
	}
	for _, s := range p.States {
		v.use(s.Out, "state "+s.Name)
		v.require(v.err != nil || p.Values[s.In].Equal(p.Values[s.Out]), "state %s: expected to keep its type", s.Name)
	}
	for _, o := range p.Outputs {
		v.use(o.Value, "output "+o.Name)
		v.unique(names, "output "+o.Name)
	}
	if p.Guard != None {
		v.use(p.Guard, "guard")
		v.require(v.err != nil || len(p.Values[p.Guard].Shape) == 0, "guard: expected a scalar")
	}
	for id, ok := range v.defined {
		v.require(ok, "value %%%d: expected a definition, got none", id)
	}
	return v.err
}

// validator keeps the first error.
type validator struct {
	p       *Program
	defined []bool
	sample  *Input // the first sample input
	err     error
}

func (v *validator) require(ok bool, format string, args ...any) {
	if !ok && v.err == nil {
		v.err = fmt.Errorf("program: "+format, args...)
	}
}

func (v *validator) unique(names map[string]bool, name string) {
	v.require(!names[name], "%s: expected once, got twice", name)
	names[name] = true
}

func (v *validator) define(id ID, what string) {
	v.require(id >= 0 && int(id) < len(v.defined), "%s: expected a value below %%%d, got %%%d", what, len(v.defined), id)
	if v.err == nil {
		v.require(!v.defined[id], "%s: expected %%%d to be defined once, got twice", what, id)
		v.defined[id] = true
	}
}

func (v *validator) use(id ID, what string) {
	ok := id >= 0 && int(id) < len(v.defined) && v.defined[id]
	v.require(ok, "%s: expected a value defined before, got %%%d", what, id)
}

// feed checks the type of an input, and that all sample inputs have the same
// number of samples.
func (v *validator) feed(in Input) {
	if v.err != nil {
		return
	}
	t := v.p.Values[in.Value]
	if err := in.Feed.check(t); err != nil {
		v.err = fmt.Errorf("program: input %s: %w", in.Name, err)
		return
	}
	if in.Feed != Sample {
		return
	}
	if v.sample == nil {
		v.sample = &in
	}
	n := v.p.Values[v.sample.Value].Shape[0]
	v.require(t.Shape[0] == n, "input %s: expected %d samples as input %s has, got %d", in.Name, n, v.sample.Name, t.Shape[0])
}

func (v *validator) node(i int, n Node) {
	if v.require(n.Op != nil, "node %d: expected an operation, got none", i); v.err != nil {
		return
	}
	what := fmt.Sprintf("node %d (%s)", i, n.Op.Name())
	in := make([]Type, len(n.In))
	for j, id := range n.In {
		v.use(id, what)
		if v.err != nil {
			return
		}
		in[j] = v.p.Values[id]
	}
	v.define(n.Out, what)
	if v.err != nil {
		return
	}
	got, err := n.Op.Infer(in)
	if err != nil {
		v.err = fmt.Errorf("program: %s: %w", what, asError(err, n.Op.Name()))
		return
	}
	v.require(got.Equal(v.p.Values[n.Out]), "%s: expected result %v, got %v", what, got, v.p.Values[n.Out])
}
