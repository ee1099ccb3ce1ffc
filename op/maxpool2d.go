package op

import "gradus/graph"

// MaxPool2dOptions are the options of MaxPool2d. Zero strides mean the size of
// the kernel, as in PyTorch.
type MaxPool2dOptions struct {
	Stride  [2]int  // down, right
	Padding Padding // never wins; at most half the kernel
}

// MaxPool2d is the largest element of windows of kernel[0] x kernel[1] of
// images [N C H W]; the result's size is AvgPool2d's. NaN counts as larger than
// any number. The gradient goes to the winner: the first of equal elements in
// row-major order, the first NaN if there is one.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.MaxPool2d.html
func MaxPool2d(x *graph.Value, kernel [2]int, o MaxPool2dOptions) *graph.Value {
	return graph.Apply(MaxPool2dOp{poolWindow(kernel, o.Stride, o.Padding)}, x)
}

// MaxPool2dOp is the operation behind MaxPool2d.
type MaxPool2dOp struct {
	Window
}

// Name is "max_pool2d".
func (MaxPool2dOp) Name() string { return "max_pool2d" }

// Infer wants images [N C H W].
func (m MaxPool2dOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	return m.pool(in[0])
}

// Reference is the largest element of each window.
func (m MaxPool2dOp) Reference(in []graph.Array, out graph.Array) {
	m.eachWindow(in[0].Shape, out.Shape, func(yi int, under []int) {
		out.Data[yi] = in[0].Data[winner(in[0].Data, under)]
	})
}

// winner is the offset of the largest of the elements of x under a window.
func winner(x []float64, under []int) int {
	best := under[0]
	for _, i := range under[1:] {
		if beats(x[i], x[best]) {
			best = i
		}
	}
	return best
}

// beats reports whether a takes the maximum from b, which came before it: NaN
// is larger than any number, and the first of equals stays.
func beats(a, b float64) bool { return b == b && (a > b || a != a) }

// Gradient goes to the winners.
func (m MaxPool2dOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(MaxPool2dGradientOp{m.Window}, n.In[0], n.Grad)}
}

// MaxPool2dGradientOp is the backward operation of MaxPool2dOp: (x, dy) to dx.
// It finds the winners again.
type MaxPool2dGradientOp struct {
	Window
}

// Name is "max_pool2d_gradient".
func (MaxPool2dGradientOp) Name() string { return "max_pool2d_gradient" }

// Infer wants x [N C H W] and a gradient of the size this pool gives.
func (m MaxPool2dGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	return in[0], m.pooled(in[0], in[1])
}

// Reference adds dy onto each window's winner.
func (m MaxPool2dGradientOp) Reference(in []graph.Array, out graph.Array) {
	m.eachWindow(in[0].Shape, in[1].Shape, func(yi int, under []int) {
		out.Data[winner(in[0].Data, under)] += in[1].Data[yi]
	})
}
