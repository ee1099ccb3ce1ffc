package nn

import (
	"fmt"
	"strings"

	"gradus/graph"
	"gradus/op"
)

// Activation is a function of single elements, by name. It keeps the shape and
// has no parameters, so one value can be used in any number of places.
type Activation string

// The activations. Any other function becomes one with Func.
const (
	ReLU    Activation = "relu"    // max(x, 0)
	Sigmoid Activation = "sigmoid" // 1 / (1 + exp(-x))
	Tanh    Activation = "tanh"
)

// Activations lists the activations there are.
func Activations() []Activation { return []Activation{ReLU, Sigmoid, Tanh} }

// Check refuses a name that is not an activation's.
func (a Activation) Check() error {
	if a.function() != nil {
		return nil
	}
	return a.unknown()
}

// Forward applies the function to every element of x.
func (a Activation) Forward(x *graph.Value) *graph.Value {
	f := a.function()
	if f == nil {
		x.Refuse(*a.unknown())
	}
	return f(x)
}

func (a Activation) function() Func {
	switch a {
	case ReLU:
		return op.ReLU
	case Sigmoid:
		return op.Sigmoid
	case Tanh:
		return op.Tanh
	}
	return nil
}

func (a Activation) unknown() *graph.Error {
	var names []string
	for _, known := range Activations() {
		names = append(names, string(known))
	}
	return &graph.Error{Op: "activation", Want: "one of " + strings.Join(names, ", "), Got: fmt.Sprintf("%q", string(a))}
}
