package nn

import (
	"gradus/graph"
	"gradus/op"
)

// MaxPool2d is the largest element of square windows of images: [N C H W] to
// [N C OH OW], OH = floor((H + 2*Padding - Kernel) / Stride) + 1.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
type MaxPool2d struct {
	Kernel  int
	Stride  int // 0 means Kernel
	Padding int // on every side, at most half the kernel; never the largest
}

// Forward is op.MaxPool2d with these options.
func (m MaxPool2d) Forward(x *graph.Value) *graph.Value {
	return op.MaxPool2d(x, [2]int{m.Kernel, m.Kernel}, op.MaxPool2dOptions{
		Stride: [2]int{m.Stride, m.Stride}, Padding: op.Pad(m.Padding),
	})
}
