package op

import (
	"fmt"

	"gradus/graph"
)

// MaxPool2dOptions are the options of MaxPool2d. Zero strides mean the size of
// the kernel, as in PyTorch.
type MaxPool2dOptions struct {
	Stride  [2]int
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

// Infer wants images [N C H W] and a padding of at most half the kernel, so
// that every window has an element of the image.
func (m MaxPool2dOp) Infer(in []graph.Type) (graph.Type, error) { return m.pool(in) }

// padsLessThanKernel refuses pools that could have windows without an element.
func (w Window) padsLessThanKernel() error {
	p := w.Padding
	if 2*max(p.Top, p.Bottom) > w.Kernel[0] || 2*max(p.Left, p.Right) > w.Kernel[1] {
		return &graph.Error{
			Want: fmt.Sprintf("padding of at most half the kernel %dx%d", w.Kernel[0], w.Kernel[1]),
			Got:  fmt.Sprintf("%d %d %d %d", p.Top, p.Bottom, p.Left, p.Right),
			Fix:  "put a Pad2d before the pool",
		}
	}
	return nil
}

// winners calls f with the offset of each output element and of its winner.
func (m MaxPool2dOp) winners(x graph.Array, y graph.Shape, f func(yi, xi int)) {
	m.each(x.Shape, y, func(out, plane, i0, i1, j0, j1, _ int) {
		best := plane + i0*x.Shape[3] + j0
		for i := i0; i < i1; i++ {
			for j := j0; j < j1; j++ {
				at := plane + i*x.Shape[3] + j
				if b, v := x.Data[best], x.Data[at]; b == b && (v > b || v != v) {
					best = at
				}
			}
		}
		f(out, best)
	})
}

// Reference is the largest element of each window.
func (m MaxPool2dOp) Reference(in []graph.Array, out graph.Array) {
	m.winners(in[0], out.Shape, func(yi, xi int) { out.Data[yi] = in[0].Data[xi] })
}

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
	y, err := m.pool(in[:1])
	if err == nil && !y.Equal(in[1]) {
		err = &graph.Error{Want: "gradient " + y.String(), Got: in[1].String()}
	}
	return in[0], err
}

// Reference adds dy onto each window's winner.
func (m MaxPool2dGradientOp) Reference(in []graph.Array, out graph.Array) {
	MaxPool2dOp{m.Window}.winners(in[0], in[1].Shape, func(yi, xi int) { out.Data[xi] += in[1].Data[yi] })
}
