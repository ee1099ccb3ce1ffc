package op

import "gradus/graph"

// AvgPool2dOptions are the options of AvgPool2d. Zero strides mean the size of
// the kernel, as in PyTorch.
type AvgPool2dOptions struct {
	Stride  [2]int
	Padding Padding
	// ExcludePadding divides by the number of elements inside the image
	// instead of the window's size (PyTorch's count_include_pad=False).
	ExcludePadding bool
}

// AvgPool2d is the mean over windows of kernel[0] x kernel[1] of images
// [N C H W]; the result is [N C OH OW] with OH = floor((H + top + bottom -
// kernel[0]) / stride) + 1, OW likewise. Padding counts as zeros unless it is
// excluded.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.AvgPool2d.html
func AvgPool2d(x *graph.Value, kernel [2]int, o AvgPool2dOptions) *graph.Value {
	return graph.Apply(AvgPool2dOp{poolWindow(kernel, o.Stride, o.Padding), o.ExcludePadding}, x)
}

// poolWindow is a window whose strides default to the kernel's size.
func poolWindow(kernel, stride [2]int, p Padding) Window {
	for i, s := range stride {
		if s == 0 {
			stride[i] = kernel[i]
		}
	}
	return Window{Kernel: kernel, Stride: stride, Padding: p}
}

// AvgPool2dOp is the operation behind AvgPool2d.
type AvgPool2dOp struct {
	Window
	ExcludePadding bool `json:"exclude_padding,omitempty"`
}

// Name is "avg_pool2d".
func (AvgPool2dOp) Name() string { return "avg_pool2d" }

// Infer wants images [N C H W].
func (a AvgPool2dOp) Infer(in []graph.Type) (graph.Type, error) { return a.pool(in) }

// pool is the shape rule of pools.
func (w Window) pool(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if err := images(in[0]); err != nil {
		return graph.Type{}, err
	}
	x := in[0].Shape
	oh, ow, err := w.Output(x[2], x[3])
	if err != nil {
		return graph.Type{}, err
	}
	return batched(x[0], x[1], oh, ow), w.padsLessThanKernel()
}

// each calls f for every window: the index of its output element, the offset of
// its plane, the range of rows and columns inside the image, and the number of
// elements its padded part has, which ends at the padding's edge.
func (w Window) each(x, y graph.Shape, f func(out, plane, i0, i1, j0, j1, padded int)) {
	for nc := range y[0] * y[1] {
		for i := range y[2] {
			top := i*w.Stride[0] - w.Padding.Top
			for j := range y[3] {
				left := j*w.Stride[1] - w.Padding.Left
				rows := min(top+w.Kernel[0], x[2]+w.Padding.Bottom) - top
				cols := min(left+w.Kernel[1], x[3]+w.Padding.Right) - left
				f((nc*y[2]+i)*y[3]+j, nc*x[2]*x[3],
					max(0, top), min(x[2], top+w.Kernel[0]), max(0, left), min(x[3], left+w.Kernel[1]), rows*cols)
			}
		}
	}
}

// shares calls f with the offsets of every input and output element that
// belong together, and the weight of the one in the other's mean.
func (a AvgPool2dOp) shares(x, y graph.Shape, f func(xi, yi int, weight float64)) {
	a.each(x, y, func(out, plane, i0, i1, j0, j1, padded int) {
		divisor := padded
		if a.ExcludePadding {
			divisor = (i1 - i0) * (j1 - j0)
		}
		for i := i0; i < i1; i++ {
			for j := j0; j < j1; j++ {
				f(plane+i*x[3]+j, out, 1/float64(divisor))
			}
		}
	})
}

// Reference is the mean over each window.
func (a AvgPool2dOp) Reference(in []graph.Array, out graph.Array) {
	a.shares(in[0].Shape, out.Shape, func(xi, yi int, weight float64) { out.Data[yi] += in[0].Data[xi] * weight })
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
	Height int `json:"height"`
	Width  int `json:"width"`
}

// Name is "avg_pool2d_gradient".
func (AvgPool2dGradientOp) Name() string { return "avg_pool2d_gradient" }

// Infer wants a gradient of the size this pool gives.
func (a AvgPool2dGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	return a.image(in[0], a.Height, a.Width)
}

// image is the type of the images a pool's gradient dy belongs to.
func (w Window) image(dy graph.Type, height, width int) (graph.Type, error) {
	if err := images(dy); err != nil {
		return graph.Type{}, err
	}
	x := batched(dy.Shape[0], dy.Shape[1], height, width)
	y, err := w.pool([]graph.Type{x})
	if err == nil && !y.Equal(dy) {
		err = &graph.Error{Want: "gradient " + y.String(), Got: dy.String()}
	}
	return x, err
}

// Reference adds each window's share onto its elements.
func (a AvgPool2dGradientOp) Reference(in []graph.Array, out graph.Array) {
	a.shares(out.Shape, in[0].Shape, func(xi, yi int, weight float64) { out.Data[xi] += in[0].Data[yi] * weight })
}

// Gradient makes the operation itself differentiable: it is linear.
func (a AvgPool2dGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(a.AvgPool2dOp, n.Grad)}
}
