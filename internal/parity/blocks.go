package parity

import (
	"gradus/graph"
	"gradus/op"
)

// The blocks of the fixtures, composed of operations. Each joins a branch fx
// and a shortcut r; op.PadTo has brought the shortcut to the branch's size.

// residual is relu(fx + r).
func residual(_ opCase, x map[string]*graph.Value) *graph.Value {
	return op.ReLU(op.Add(x["fx"], x["r"]))
}

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

// block applies a convolution as the branch, an average pool and a 1x1
// convolution as the shortcut of blocks that halve the image, and join.
func block(join func(opCase, map[string]*graph.Value) *graph.Value) func(opCase, map[string]*graph.Value) *graph.Value {
	return func(c opCase, x map[string]*graph.Value) *graph.Value {
		stride := 1
		if c.Down {
			stride = 2
		}
		branch := op.Conv2d(x["x"], x["conv.weight"], x["conv.bias"], op.Conv2dOptions{
			Stride: [2]int{stride, stride}, Padding: op.Pad(c.Kernel / 2),
		})
		shortcut := x["x"]
		if c.Down {
			half := avgPool2d(opCase{Kernel: 2, Stride: 2}, x)
			shortcut = op.PadTo(op.Conv2d(half,
				x["residual_shape_adjust.f.weight"], x["residual_shape_adjust.f.bias"], op.Conv2dOptions{}), branch)
		}
		return join(c, map[string]*graph.Value{"fx": branch, "r": shortcut, "alpha": x["alpha"]})
	}
}
