package graph

import "fmt"

// Mode says what a program is traced for.
type Mode string

// The modes of a trace.
const (
	Evaluation Mode = "evaluation"
	Training   Mode = "training"
)

// Builder records a program. Trace and Edit make one and hand it to the
// function that does the recording.
type Builder struct {
	program  *Program
	mode     Mode
	values   []*Value // by ID
	params   map[*Tensor]*Value
	scopes   []scope
	backward bool
}

// scope is a module being applied, and the path of fields that led to it.
type scope struct {
	module Module
	path   string
	// applied is the names of the submodules applied so far: of several that
	// are equal, nn.ReLU for instance, the next one is meant.
	applied map[string]bool
}

// Trace records what f does as a program. Every parameter of the model is a
// state of the program, in the order of Parameters; model may be nil when f
// uses none. Refusals met on the way are returned as *Error.
func Trace(model Module, mode Mode, f func(b *Builder)) (p *Program, err error) {
	b := &Builder{program: &Program{Guard: None}, mode: mode, params: map[*Tensor]*Value{}}
	defer catch(&err)
	if model != nil {
		params, err := Parameters(model)
		if err != nil {
			return nil, err
		}
		for _, q := range params {
			b.params[q.Tensor] = b.State(q.Name, Type{DType: Float32, Shape: q.Tensor.Shape})
		}
		b.scopes = []scope{{module: root{model}}}
	}
	f(b)
	return b.program.pruned(), nil
}

// root stands above the model, so that the model's own path is empty.
type root struct{ Model Module }

func (r root) Forward(x *Value) *Value { return r.Model.Forward(x) }

// Edit records more operations at the end of a copy of p, which is not
// changed.
func Edit(p *Program, f func(b *Builder)) (q *Program, err error) {
	b := &Builder{program: p.clone(), mode: Training}
	for id, t := range p.Values {
		b.values = append(b.values, &Value{b, ID(id), t})
	}
	defer catch(&err)
	f(b)
	return b.program.pruned(), nil
}

// Value is the value with the given ID.
func (b *Builder) Value(id ID) *Value { return b.values[id] }

// Program is the program recorded so far; it must not be changed.
func (b *Builder) Program() *Program { return b.program }

// Input declares an input, or returns the one declared before under this name.
func (b *Builder) Input(name string, feed Feed, t Type) *Value {
	if in, ok := b.program.Input(name); ok {
		v := b.values[in.Value]
		if !v.typ.Equal(t) || in.Feed != feed {
			panic(b.locate(&Error{
				Want: fmt.Sprintf("input %s to stay %v (%s)", name, v.typ, in.Feed), Got: fmt.Sprintf("%v (%s)", t, feed),
			}))
		}
		return v
	}
	err := t.Check()
	if err == nil {
		err = feed.check(t)
	}
	if err != nil {
		panic(b.locate(asError(err, "input "+name)))
	}
	v := b.define(t)
	b.program.Inputs = append(b.program.Inputs, Input{name, feed, v.id})
	return v
}

// Setting is a scalar input that is set per call, for instance the learning
// rate.
func (b *Builder) Setting(name string) *Value {
	return b.Input(name, Setting, Type{DType: Float32, Shape: Shape{}})
}

// State declares a state and returns its value before the step.
func (b *Builder) State(name string, t Type) *Value {
	if _, ok := b.program.State(name); ok {
		panic(b.locate(&Error{Want: "names of states to be unique", Got: name + " twice"}))
	}
	v := b.define(t)
	b.program.States = append(b.program.States, State{name, v.id, v.id})
	return v
}

// Update sets the value a state has after the step.
func (b *Builder) Update(name string, v *Value) {
	for i := range b.program.States {
		s := &b.program.States[i]
		if s.Name != name {
			continue
		}
		if want := b.values[s.In].typ; !want.Equal(v.typ) {
			panic(b.locate(&Error{Want: fmt.Sprintf("state %s to stay %v", name, want), Got: v.typ.String()}))
		}
		s.Out = v.id
		return
	}
	panic(b.locate(&Error{Want: "a declared state", Got: name}))
}

// Output makes v readable under a name. A sum output is added up over the
// steps of a call.
func (b *Builder) Output(name string, v *Value, sum bool) {
	if _, ok := b.program.Output(name); ok {
		panic(b.locate(&Error{Want: "names of outputs to be unique", Got: name + " twice"}))
	}
	b.program.Outputs = append(b.program.Outputs, Output{name, v.id, sum})
}

// Guard makes the scalar v the program's guard: unless it is 0, no state
// changes.
func (b *Builder) Guard(v *Value) {
	if b.program.Guard != None || len(v.typ.Shape) != 0 {
		panic(b.locate(&Error{Want: "one guard, a scalar", Got: "another, " + v.typ.String()}))
	}
	b.program.Guard = v.id
}

// Constant is a value all elements of which are x.
func (b *Builder) Constant(x float64, t Type) *Value { return b.apply(ConstantOp{x, t}, nil) }

func (b *Builder) define(t Type) *Value {
	v := &Value{b, ID(len(b.values)), t}
	b.values = append(b.values, v)
	b.program.Values = append(b.program.Values, t)
	return v
}

func (b *Builder) param(p *Tensor) *Value {
	if v, ok := b.params[p]; ok {
		return v
	}
	got := "a tensor that none of its exported fields holds"
	if p == nil {
		got = "nil"
	}
	panic(b.locate(&Error{
		Want: "a parameter of the traced model", Got: got,
		Fix: "make it an exported field of a module in the model",
	}))
}

// enter opens the scope of m within the current one; the result closes it.
func (b *Builder) enter(m Module) (leave func()) {
	s := scope{module: m}
	if n := len(b.scopes); n > 0 {
		outer := b.scopes[n-1]
		s.path = outer.path
		if _, isRoot := outer.module.(root); !isRoot {
			if name := b.scopes[n-1].next(namesWithin(outer.module, m)); name != "" {
				s.path = join(outer.path, name)
			}
		}
	}
	b.scopes = append(b.scopes, s)
	return func() { b.scopes = b.scopes[:len(b.scopes)-1] }
}

// next is the first of the names that was not applied yet; where all were, the
// first one again.
func (s *scope) next(names []string) string {
	if len(names) == 0 {
		return ""
	}
	name := names[0]
	for _, other := range names {
		if !s.applied[other] {
			name = other
			break
		}
	}
	if s.applied == nil {
		s.applied = map[string]bool{}
	}
	s.applied[name] = true
	return name
}

func (b *Builder) path() string {
	if n := len(b.scopes); n > 0 {
		return b.scopes[n-1].path
	}
	return ""
}

// locate adds to a refusal where it happened.
func (b *Builder) locate(e *Error) *Error {
	if e.Path == "" {
		e.Path = b.path()
	}
	if e.Caller == "" {
		e.Caller = caller()
	}
	return e
}
