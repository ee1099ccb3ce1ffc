package parity

import (
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
	"gradus/zoo"
)

// What joins a branch fx and a shortcut r, composed of operations.

// gated is g*fx + (1-g)*tanh(s) with s = fx + r and g = sigmoid(s).
func gated(_ opCase, x map[string]*graph.Value) *graph.Value {
	s := op.Add(x["fx"], x["r"])
	g := op.Sigmoid(s)
	return op.Add(op.Mul(g, x["fx"]), op.Mul(op.Affine(g, -1, 1), op.Tanh(s)))
}

// convex is relu(a*fx + (1-a)*r) with the scalar a = sigmoid(alpha).
func convex(_ opCase, x map[string]*graph.Value) *graph.Value {
	a := op.Sigmoid(x["alpha"])
	return op.ReLU(op.Add(op.Mul(x["fx"], a), op.Mul(x["r"], op.Affine(a, -1, 1))))
}

// block applies a block of the zoo: its parameters are the case's inputs.
func block(c opCase, x map[string]*graph.Value) *graph.Value { return x["x"].Through(c.model) }

// blockModel makes the block of a kind of case, given the shape of its
// convolution's weight, [out in kernel kernel].
func blockModel(kind string, c opCase, weight graph.Shape) nn.Module {
	r, in, out := random.New(1, "parity"), weight[1], weight[0]
	switch kind {
	case "residual_block":
		return zoo.NewResidualBlock(r, in, out, c.Kernel, nn.ReLU, c.Down)
	case "gated_block":
		return zoo.NewGatedBlock(r, in, out, c.Kernel, c.Down)
	case "convex_block":
		return zoo.NewConvexBlock(r, in, out, c.Kernel, nn.ReLU, c.Down, zoo.AlphaOptions{})
	}
	return nil // block refuses it
}
