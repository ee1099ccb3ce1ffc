package zoo

import (
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// Residual is Plain with residual blocks in its stacks, in place of
// convolutions and activations: images [N 1 28 28] to logits [N 10].
func Residual(r *random.Stream, depth, kernel int, activation nn.Module) nn.Module {
	return residual(r, Options{Net: ResidualNet, Depth: depth, Kernel: kernel}.complete(), activation)
}

func residual(r *random.Stream, o Options, activation nn.Module) nn.Module {
	return newBlockNetwork(r, o, activation, func(in, out int, downsample bool) nn.Module {
		return NewResidualBlock(r, in, out, o.Kernel, activation, downsample)
	})
}

// ResidualBlock is activation(f + r), where f is the convolution of its input
// and r the shortcut: the convolution has to learn only what is to be changed.
//
// Source: K. He et al., Deep Residual Learning for Image Recognition,
// https://arxiv.org/abs/1512.03385
type ResidualBlock struct {
	Branches
	Activation nn.Module
}

// NewResidualBlock makes a block of NewBranches.
func NewResidualBlock(r *random.Stream, in, out, kernel int, activation nn.Module, downsample bool) *ResidualBlock {
	return &ResidualBlock{NewBranches(r, in, out, kernel, downsample), activation}
}

// Forward maps images [N in H W] to [N out H W], or half the H and W.
func (b *ResidualBlock) Forward(x *graph.Value) *graph.Value {
	return b.Join(x, op.Add).Through(b.Activation)
}
