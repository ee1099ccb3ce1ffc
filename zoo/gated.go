package zoo

import (
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// Gated is Plain with gated blocks in its stacks, in place of convolutions and
// activations: images [N 1 28 28] to logits [N 10]. The activation is that of
// the first convolution alone.
func Gated(r *random.Stream, depth, kernel int, activation nn.Module) nn.Module {
	return gated(r, Options{Net: GatedNet, Depth: depth, Kernel: kernel}.complete(), activation)
}

func gated(r *random.Stream, o Options, activation nn.Module) nn.Module {
	return newBlockNetwork(r, o, activation, func(in, out int, downsample bool) nn.Module {
		return NewGatedBlock(r, in, out, o.Kernel, downsample)
	})
}

// GatedBlock is g*f + (1-g)*tanh(s) with s = f + r and the gate g = sigmoid(s),
// where f is the convolution of its input and r the shortcut. Every element has
// a gate of its own, which depends on the input; the activations are inside.
//
// Gates beside shortcuts: R. Srivastava et al., Highway Networks,
// https://arxiv.org/abs/1505.00387
type GatedBlock struct {
	Branches
}

// NewGatedBlock makes a block of NewBranches.
func NewGatedBlock(r *random.Stream, in, out, kernel int, downsample bool) *GatedBlock {
	return &GatedBlock{NewBranches(r, in, out, kernel, downsample)}
}

// Forward maps images [N in H W] to [N out H W], or half the H and W.
func (b *GatedBlock) Forward(x *graph.Value) *graph.Value {
	return b.Join(x, func(f, r *graph.Value) *graph.Value {
		s := op.Add(f, r)
		g := op.Sigmoid(s)
		return op.Add(op.Mul(g, f), op.Mul(oneMinus(g), op.Tanh(s)))
	})
}

// oneMinus is 1 - x.
func oneMinus(x *graph.Value) *graph.Value { return op.Affine(x, -1, 1) }
