package nn

import "gradus/graph"

// Composition is f after g. The fields give the parameters their names: those
// of F begin with "f.", those of G with "g.", and F's come first.
type Composition struct {
	F, G Module
}

// Compose is the module that applies g, then f: Compose(f, g)(x) = f(g(x)).
func Compose(f, g Module) *Composition { return &Composition{f, g} }

// Forward is f(g(x)).
func (c *Composition) Forward(x *graph.Value) *graph.Value {
	return x.Through(c.G).Through(c.F)
}
