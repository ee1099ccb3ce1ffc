package nn

import (
	"gradus/graph"
	"gradus/op"
)

// AvgPool2d is the mean over square windows of images: [N C H W] to
// [N C OH OW], OH = floor((H + 2*Padding - Kernel) / Stride) + 1.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
type AvgPool2d struct {
	Kernel         int
	Stride         int  // 0 means Kernel
	Padding        int  // rows and columns of zeros on every side
	ExcludePadding bool // divide by the elements inside the image only
}

// Forward is op.AvgPool2d with these options.
func (a AvgPool2d) Forward(x *graph.Value) *graph.Value {
	return op.AvgPool2d(x, [2]int{a.Kernel, a.Kernel}, op.AvgPool2dOptions{
		Stride: [2]int{a.Stride, a.Stride}, Padding: op.Pad(a.Padding), ExcludePadding: a.ExcludePadding,
	})
}
