package nn

import "gradus/graph"

// Joined applies two modules to the same input and joins the results. A branch
// that is nil passes the input on unchanged.
//
// It is what residual, gated and convex blocks have in common: they differ in
// the function that joins. A block with field names of its own calls it from
// its Forward; its submodules then keep the names of the block's fields:
//
//	func (b *Residual) Forward(x *graph.Value) *graph.Value {
//		return nn.Join(b.Conv, b.ResidualShapeAdjust, op.Add).Forward(x).Through(b.Activation)
//	}
//
// Source: Parallel and SkipConnection of Flux, https://fluxml.ai/Flux.jl
type Joined struct {
	F, G Module
	With func(f, g *graph.Value) *graph.Value
}

// Join is the module join(f(x), g(x)); a nil f or g stands for x itself.
func Join(f, g Module, join func(f, g *graph.Value) *graph.Value) *Joined {
	return &Joined{f, g, join}
}

// Forward is With(F(x), G(x)).
func (j *Joined) Forward(x *graph.Value) *graph.Value {
	return j.With(branch(x, j.F), branch(x, j.G))
}

func branch(x *graph.Value, m Module) *graph.Value {
	if m == nil {
		return x
	}
	return x.Through(m)
}
