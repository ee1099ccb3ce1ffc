package graph

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ID names a value of a program: its index in Program.Values.
type ID int

// None is the ID of no value.
const None ID = -1

// Program is a list of operations in single-assignment form: plain data, with
// no pointers into the model it was traced from.
//
// Values are numbered in the order in which they come into being; a node only
// reads values with smaller numbers than its result.
type Program struct {
	Values  []Type   `json:"values"`
	Inputs  []Input  `json:"inputs"`
	States  []State  `json:"states"`
	Nodes   []Node   `json:"nodes"`
	Outputs []Output `json:"outputs"`
	// Guard is a scalar that must be 0 before any state is changed, usually
	// the number of non-finite gradients. None where nothing is guarded.
	Guard ID `json:"guard"`
}

// Feed says where an input's value comes from.
type Feed string

const (
	// Sample inputs have one entry per sample of the batch; when many steps
	// run in one call they are gathered from a data set by index.
	Sample Feed = "sample"
	// Setting inputs are scalars the caller sets for a whole call, for
	// instance the learning rate.
	Setting Feed = "setting"
	// Count inputs are scalars the device sets at every step: the number of
	// samples of the batch that are real. It is smaller than the batch in the
	// last step of an epoch.
	Count Feed = "count"
	// Whole inputs are given as they are, and only by a single call.
	Whole Feed = "whole"
)

// check wants a type that can be fed this way.
func (f Feed) check(t Type) error {
	switch f {
	case Sample:
		if !t.Batched {
			return &Error{Want: "a batch dimension for feed sample", Got: t.String()}
		}
	case Setting, Count:
		if len(t.Shape) > 0 || t.DType != Float32 {
			return &Error{Want: "a float32 scalar for feed " + string(f), Got: t.String()}
		}
	case Whole:
	default:
		return &Error{Want: "feed sample, setting, count or whole", Got: strconv.Quote(string(f))}
	}
	return nil
}

// Input is a value the caller or the device provides at run time.
type Input struct {
	Name  string `json:"name"`
	Feed  Feed   `json:"feed"`
	Value ID     `json:"value"`
}

// State is a value that outlives a step: a parameter, or an optimizer's
// memory. In is its value before the step, Out after it; they are equal where
// the program only reads it.
type State struct {
	Name string `json:"name"`
	In   ID     `json:"in"`
	Out  ID     `json:"out"`
}

// Node is one operation applied to values.
type Node struct {
	Op  Operation `json:"op"`
	In  []ID      `json:"in"`
	Out ID        `json:"out"`
	// Path is the layer that applied the operation; backward operations carry
	// the path of the forward operation they belong to.
	Path string `json:"path,omitempty"`
	// Backward marks operations recorded by differentiation.
	Backward bool `json:"backward,omitempty"`
}

// Output is a value a caller can read.
type Output struct {
	Name  string `json:"name"`
	Value ID     `json:"value"`
	// Sum outputs are added up, in float64 and in the order of the samples,
	// over the steps of a call; the others are read after a single call.
	Sum bool `json:"sum,omitempty"`
}

// Input finds an input by name.
func (p *Program) Input(name string) (Input, bool) {
	i := slices.IndexFunc(p.Inputs, func(x Input) bool { return x.Name == name })
	if i < 0 {
		return Input{Value: None}, false
	}
	return p.Inputs[i], true
}

// State finds a state by name.
func (p *Program) State(name string) (State, bool) {
	i := slices.IndexFunc(p.States, func(x State) bool { return x.Name == name })
	if i < 0 {
		return State{In: None, Out: None}, false
	}
	return p.States[i], true
}

// Output finds an output by name.
func (p *Program) Output(name string) (Output, bool) {
	i := slices.IndexFunc(p.Outputs, func(x Output) bool { return x.Name == name })
	if i < 0 {
		return Output{Value: None}, false
	}
	return p.Outputs[i], true
}

// Batch is the number of samples of a step: the first dimension of the sample
// inputs, 0 for a program without any.
func (p *Program) Batch() int {
	for _, in := range p.Inputs {
		if in.Feed == Sample {
			return p.Values[in.Value].Shape[0]
		}
	}
	return 0
}

// clone copies the program so that neither copy sees changes of the other.
func (p *Program) clone() *Program {
	q := &Program{
		Values:  slices.Clone(p.Values),
		Inputs:  slices.Clone(p.Inputs),
		States:  slices.Clone(p.States),
		Nodes:   slices.Clone(p.Nodes),
		Outputs: slices.Clone(p.Outputs),
		Guard:   p.Guard,
	}
	for i := range q.Nodes {
		q.Nodes[i].In = slices.Clone(q.Nodes[i].In)
	}
	return q
}

// NameOf is how messages call a value: the name of the input, state or output
// that shows it, else the layer and operation that made it.
func (p *Program) NameOf(id ID) string {
	for _, o := range p.Outputs {
		if o.Value == id {
			return o.Name
		}
	}
	for _, s := range p.States {
		if s.In == id || s.Out == id {
			return s.Name
		}
	}
	for _, in := range p.Inputs {
		if in.Value == id {
			return in.Name
		}
	}
	for _, n := range p.Nodes {
		if n.Out == id {
			return strings.TrimSpace(n.Path + " " + n.Op.Name())
		}
	}
	return fmt.Sprintf("%%%d", id)
}
