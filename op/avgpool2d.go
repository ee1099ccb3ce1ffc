package op

import "gradus/graph"

// AvgPool2dOptions are the options of AvgPool2d. Zero strides mean the size of
// the kernel, as in PyTorch.
type AvgPool2dOptions struct {
	Stride  [2]int  // down, right
	Padding Padding // at most half the kernel
	// ExcludePadding divides by the number of elements inside the image
	// instead of the window's size (PyTorch's count_include_pad=False).
	ExcludePadding bool
}

// AvgPool2d is the mean over windows of kernel[0] x kernel[1] of images
// [N C H W]; the result is [N C OH OW] with
// OH = floor((H + top + bottom - kernel[0]) / stride) + 1, OW likewise. Padding
// counts as zeros unless it is excluded.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
func AvgPool2d(x *graph.Value, kernel [2]int, o AvgPool2dOptions) *graph.Value {
	return graph.Apply(AvgPool2dOp{poolWindow(kernel, o.Stride, o.Padding), o.ExcludePadding}, x)
}

// AvgPool2dOp is the operation behind AvgPool2d.
type AvgPool2dOp struct {
	Window
	ExcludePadding bool `json:"exclude_padding,omitempty"`
}

// Name is "avg_pool2d".
func (AvgPool2dOp) Name() string { return "avg_pool2d" }

// Infer wants images [N C H W].
func (a AvgPool2dOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	return a.pool(in[0])
}

// Reference is the mean over each window.
func (a AvgPool2dOp) Reference(in []graph.Array, out graph.Array) {
	a.eachWindow(in[0].Shape, out.Shape, func(yi int, under []int) {
		for _, xi := range under {
			out.Data[yi] += in[0].Data[xi]
		}
		out.Data[yi] /= a.divisor(under)
	})
}

// divisor is what the sum over a window is divided by.
func (a AvgPool2dOp) divisor(under []int) float64 {
	if a.ExcludePadding {
		return float64(len(under))
	}
	return float64(a.Kernel[0] * a.Kernel[1])
}

// Gradient spreads the gradient over the window.
func (a AvgPool2dOp) Gradient(n graph.NodeGradient) []*graph.Value {
	x := n.In[0]
	return []*graph.Value{graph.Apply(AvgPool2dGradientOp{a, x.Dim(2), x.Dim(3)}, n.Grad)}
}

// AvgPool2dGradientOp is the backward operation of AvgPool2dOp: dy [N C OH OW]
// to dx [N C Height Width].
type AvgPool2dGradientOp struct {
	AvgPool2dOp
	Height int `json:"height"` // of the images
	Width  int `json:"width"`
}

// Name is "avg_pool2d_gradient".
func (AvgPool2dGradientOp) Name() string { return "avg_pool2d_gradient" }

// Infer wants a gradient of the size this pool gives.
func (a AvgPool2dGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	dy := in[0]
	if err := images(dy); err != nil {
		return graph.Type{}, err
	}
	dx := batched(dy.Shape[0], dy.Shape[1], a.Height, a.Width)
	return dx, a.pooled(dx, dy)
}

// Reference adds each window's share onto its elements.
func (a AvgPool2dGradientOp) Reference(in []graph.Array, out graph.Array) {
	a.eachWindow(out.Shape, in[0].Shape, func(yi int, under []int) {
		for _, xi := range under {
			out.Data[xi] += in[0].Data[yi] / a.divisor(under)
		}
	})
}

// Gradient makes the operation itself differentiable: it is linear.
func (a AvgPool2dGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(a.AvgPool2dOp, n.Grad)}
}
