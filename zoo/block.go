package zoo

import (
	"fmt"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// Branches are what the blocks have in common: a convolution and a shortcut
// around it. The blocks differ in the function that joins the two.
type Branches struct {
	Conv                *nn.Conv2d
	ResidualShapeAdjust nn.Module // nil where the shapes already agree
}

// NewBranches makes the branches from in to out channels. The convolution has
// padding kernel/2. Without downsample the shortcut is the input itself; with
// it the convolution has stride 2, and the shortcut is the mean over windows of
// 2x2 followed by a convolution of 1x1. Parameters are drawn from r in the
// order of nn.Parameters.
func NewBranches(r *random.Stream, in, out, kernel int, downsample bool) Branches {
	o := nn.Conv2dOptions{Stride: 1, Padding: kernel / 2}
	if !downsample {
		return Branches{Conv: nn.NewConv2d(r, in, out, kernel, o)}
	}
	o.Stride = 2
	return Branches{
		Conv: nn.NewConv2d(r, in, out, kernel, o),
		ResidualShapeAdjust: nn.Compose(
			nn.NewConv2d(r, in, out, 1, nn.Conv2dOptions{}),
			nn.AvgPool2d{Kernel: 2, Stride: 2}),
	}
}

// Join is with(f, r) of the convolution f of x and the shortcut r, which
// op.PadTo has brought to the same size: an odd one is halved to one more row
// and column by the convolution than by the mean.
func (b Branches) Join(x *graph.Value, with func(f, r *graph.Value) *graph.Value) *graph.Value {
	return nn.Join(b.Conv, b.ResidualShapeAdjust, func(f, r *graph.Value) *graph.Value {
		return with(f, op.PadTo(r, f))
	}).Forward(x)
}

// Blocks is a stack of depth blocks. Data first meets depth-1 of them that keep
// the in channels and the image size, and last one that halves the image and has
// out channels. A depth below 1 is refused when the stack is traced.
func Blocks(depth, in, out int, block func(in, out int, downsample bool) nn.Module) nn.Module {
	if depth < 1 {
		return refused(graph.Error{Op: "blocks", Want: "a depth of at least 1", Got: fmt.Sprint(depth)})
	}
	if depth == 1 {
		return block(in, out, true)
	}
	return nn.Compose(Blocks(depth-1, in, out, block), block(in, in, false))
}

// newBlockNetwork builds a network whose stacks are made of blocks. Its first
// convolution is none.
func newBlockNetwork(r *random.Stream, o Options, activation nn.Module, block func(in, out int, downsample bool) nn.Module) nn.Module {
	return newNetwork(r, o, activation, func(in, out int) nn.Module {
		return Blocks(o.Depth, in, out, block)
	})
}

// checkBlocks refuses images of which a stack sees too little to take the mean
// over windows of 2x2.
func (o Options) checkBlocks() *graph.Error {
	sizes, err := o.sizes()
	if err != nil {
		return nil // refused by who counts features
	}
	for i, size := range sizes[:3] {
		if min(size[0], size[1]) < 2 {
			return &graph.Error{
				Op: "image", Want: "at least 2x2 pixels where blocks halve an image",
				Got: fmt.Sprintf("%dx%d at stack %d, from images of %dx%d and kernel %d", size[0], size[1], i+1, o.Image[1], o.Image[2], o.Kernel),
				Fix: "use a smaller kernel, larger images or the net plain",
			}
		}
	}
	return nil
}
