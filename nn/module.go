package nn

import "gradus/graph"

// Module is a layer, a block or a whole network.
type Module = graph.Module

// Func makes a function of one value a Module. It has no parameters of its
// own, and in errors and summaries its operations appear under the layer that
// contains it.
type Func func(x *graph.Value) *graph.Value

// Forward calls f.
func (f Func) Forward(x *graph.Value) *graph.Value { return f(x) }

// Parameters lists the parameters of m under their dotted names, in PyTorch's
// order. The rules, and the models that are refused, are those of
// graph.Parameters.
func Parameters(m Module) ([]graph.Parameter, error) { return graph.Parameters(m) }
