package bench

import (
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// block is a convolution beside a shortcut, and what joins them.
type block struct {
	Conv                *nn.Conv2d
	ResidualShapeAdjust nn.Module // nil where the shapes already agree

	join func(f, r *graph.Value) *graph.Value
}

// Forward is the block's join of the convolution and the shortcut, which is
// brought to the same size.
func (b *block) Forward(x *graph.Value) *graph.Value {
	return nn.Join(b.Conv, b.ResidualShapeAdjust, func(f, r *graph.Value) *graph.Value {
		return b.join(f, op.PadTo(r, f))
	}).Forward(x)
}

// residual is relu(f + r).
//
// Source: He et al., Deep Residual Learning, https://arxiv.org/abs/1512.03385
func residual(f, r *graph.Value) *graph.Value { return op.ReLU(op.Add(f, r)) }

// gated is g*f + (1-g)*tanh(s) with s = f + r and g = sigmoid(s).
func gated(f, r *graph.Value) *graph.Value {
	s := op.Add(f, r)
	g := op.Sigmoid(s)
	return op.Add(op.Mul(g, f), op.Mul(op.Affine(g, -1, 1), op.Tanh(s)))
}

// blocks is depth blocks, of which the last, as data meets them, halves the image
// and has out channels.
func blocks(r *random.Stream, depth, in, out int, join func(f, r *graph.Value) *graph.Value) nn.Module {
	const kernel = 3
	if depth > 1 {
		return nn.Compose(blocks(r, depth-1, in, out, join),
			&block{Conv: nn.NewConv2d(r, in, in, kernel, nn.Conv2dOptions{Padding: kernel / 2}), join: join})
	}
	return &block{
		Conv: nn.NewConv2d(r, in, out, kernel, nn.Conv2dOptions{Stride: 2, Padding: kernel / 2}),
		ResidualShapeAdjust: nn.Compose(
			nn.NewConv2d(r, in, out, 1, nn.Conv2dOptions{}),
			nn.AvgPool2d{Kernel: 2, Stride: 2}),
		join: join,
	}
}

// blockNetwork is the plain network with stacks of blocks.
func blockNetwork(r *random.Stream, depth int, image [3]int, classes int, join func(f, r *graph.Value) *graph.Value) nn.Module {
	height, width := image[1], image[2]
	for range 4 { // convolutions that halve, with padding
		height, width = (height+1)/2, (width+1)/2
	}
	stack := func(in, out int) nn.Module { return blocks(r, depth, in, out, join) }
	first := nn.NewConv2d(r, image[0], 4, 3, nn.Conv2dOptions{Stride: 2, Padding: 1})
	return nn.Compose(nn.NewLinear(r, 32*height*width, classes, nn.LinearOptions{}),
		nn.Compose(nn.Flatten{},
			nn.Compose(stack(16, 32),
				nn.Compose(stack(8, 16),
					nn.Compose(stack(4, 8),
						nn.Compose(nn.ReLU, first))))))
}
