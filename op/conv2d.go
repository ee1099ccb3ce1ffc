package op

import (
	"fmt"

	"gradus/graph"
)

// Conv2dOptions are the options of Conv2d; the zero value is stride 1 without
// padding.
type Conv2dOptions struct {
	Stride  [2]int // down, right; 0 means 1
	Padding Padding
}

// Conv2d is the cross-correlation of images x [N C H W] with weight [K C R S],
// plus bias [K] unless it is nil. The result is [N K OH OW] with
// OH = floor((H + top + bottom - R) / stride) + 1, OW likewise:
//
//	y[n k i j] = bias[k] + sum over c r s of weight[k c r s] * x[n c i*stride-top+r j*stride-left+s]
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Conv2d.html
func Conv2d(x, weight, bias *graph.Value, o Conv2dOptions) *graph.Value {
	c := Conv2dOp{Window: Window{Stride: o.Stride, Padding: o.Padding}.normal()}
	if w := weight.Shape(); len(w) == 4 {
		c.Kernel = [2]int{w[2], w[3]}
	}
	if bias == nil {
		return graph.Apply(c, x, weight)
	}
	return graph.Apply(c, x, weight, bias)
}

// Conv2dOp is the operation behind Conv2d: operands x, weight and optionally
// bias.
type Conv2dOp struct {
	Window
}

// Name is "conv2d".
func (Conv2dOp) Name() string { return "conv2d" }

// Infer wants x [N C H W], weight [K C R S] and, if present, bias [K].
func (c Conv2dOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := someOperands(in, 2, 3); err != nil {
		return graph.Type{}, err
	}
	if err := images(in[0]); err != nil {
		return graph.Type{}, err
	}
	x, w := in[0].Shape, in[1].Shape
	if len(w) != 4 || in[1].Batched {
		return graph.Type{}, &graph.Error{Want: "a weight [K C R S]", Got: in[1].String()}
	}
	if x[1] != w[1] {
		return graph.Type{}, &graph.Error{
			Want: fmt.Sprintf("%d input channels (weight %v)", w[1], w), Got: fmt.Sprintf("%d (input %v)", x[1], x),
			Fix: "make this layer's input channels the output channels of the one before",
		}
	}
	if c.Kernel != [2]int{w[2], w[3]} {
		return graph.Type{}, &graph.Error{Want: fmt.Sprintf("a weight with a %dx%d kernel", c.Kernel[0], c.Kernel[1]), Got: w.String()}
	}
	if len(in) == 3 && !in[2].Equal(plain(w[0])) {
		return graph.Type{}, &graph.Error{Want: fmt.Sprintf("a bias %v", graph.Shape{w[0]}), Got: in[2].String()}
	}
	oh, ow, err := c.Output(x[2], x[3])
	if err != nil {
		return graph.Type{}, err
	}
	return batched(x[0], w[0], oh, ow), nil
}

// Reference is the formula of Conv2d.
func (c Conv2dOp) Reference(in []graph.Array, out graph.Array) {
	x, w := in[0], in[1]
	c.eachTap(x.Shape, w.Shape, out.Shape, func(xi, wi, yi int) {
		out.Data[yi] += x.Data[xi] * w.Data[wi]
	})
	if len(in) == 3 {
		plane := out.Shape[2] * out.Shape[3]
		for i := range out.Data {
			out.Data[i] += in[2].Data[i/plane%out.Shape[1]]
		}
	}
}

// eachTap calls f with the offsets of every input, weight and output element
// that are multiplied or added with each other, in index order of the output.
func (c Conv2dOp) eachTap(x, w, y graph.Shape, f func(xi, wi, yi int)) {
	for n := range y[0] {
		for k := range y[1] {
			for i := range y[2] {
				r0, r1 := taps(i, c.Stride[0], c.Padding.Top, w[2], x[2])
				for j := range y[3] {
					s0, s1 := taps(j, c.Stride[1], c.Padding.Left, w[3], x[3])
					yi := ((n*y[1]+k)*y[2]+i)*y[3] + j
					for ch := range x[1] {
						for r := r0; r < r1; r++ {
							row := i*c.Stride[0] - c.Padding.Top + r
							xi := ((n*x[1]+ch)*x[2]+row)*x[3] + j*c.Stride[1] - c.Padding.Left
							wi := ((k*x[1]+ch)*w[2] + r) * w[3]
							for s := s0; s < s1; s++ {
								f(xi+s, wi+s, yi)
							}
						}
					}
				}
			}
		}
	}
}

// MultiplyAdds counts the multiply-adds of the whole batch: dense with the taps
// that fall on padding, effective without. The bias is not counted.
func (c Conv2dOp) MultiplyAdds(in []graph.Type, out graph.Type) (dense, effective int) {
	return c.multiplyAdds(in[0].Shape, out.Shape)
}

// multiplyAdds counts the calls of eachTap for images x and results y. The
// gradients have as many as the convolution itself.
func (w Window) multiplyAdds(x, y graph.Shape) (dense, effective int) {
	rows, columns := 0, 0
	for i := range y[2] {
		lo, hi := taps(i, w.Stride[0], w.Padding.Top, w.Kernel[0], x[2])
		rows += max(hi-lo, 0)
	}
	for j := range y[3] {
		lo, hi := taps(j, w.Stride[1], w.Padding.Left, w.Kernel[1], x[3])
		columns += max(hi-lo, 0)
	}
	pairs := y[0] * y[1] * x[1]
	return pairs * y[2] * w.Kernel[0] * y[3] * w.Kernel[1], pairs * rows * columns
}

// Gradient records the bias gradient, the data gradient and the weight gradient,
// as far as they are needed. That of the bias comes first: it takes no time but for
// reading n.Grad, which has just been made.
func (c Conv2dOp) Gradient(n graph.NodeGradient) []*graph.Value {
	x, w := n.In[0], n.In[1]
	grads := make([]*graph.Value, len(n.In))
	if len(n.In) == 3 && n.Need[2] {
		grads[2] = ChannelSum(n.Grad)
	}
	if n.Need[0] {
		grads[0] = graph.Apply(Conv2dDataGradientOp{c.Window, x.Dim(2), x.Dim(3)}, w, n.Grad)
	}
	if n.Need[1] {
		grads[1] = graph.Apply(Conv2dWeightGradientOp{c.Window}, x, n.Grad)
	}
	return grads
}

// Conv2dDataGradientOp is the gradient of Conv2dOp with respect to its images:
// (weight [K C R S], dy [N K OH OW]) to dx [N C Height Width].
type Conv2dDataGradientOp struct {
	Window
	Height int `json:"height"` // of the images
	Width  int `json:"width"`
}

// Name is "conv2d_data_gradient".
func (Conv2dDataGradientOp) Name() string { return "conv2d_data_gradient" }

// Infer checks that the operands belong to a Conv2dOp with this window.
func (c Conv2dDataGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	w, dy := in[0], in[1]
	if len(w.Shape) != 4 || len(dy.Shape) != 4 {
		return graph.Type{}, &graph.Error{Want: "a weight [K C R S] and a gradient [N K OH OW]", Got: w.String() + " and " + dy.String()}
	}
	dx := batched(dy.Shape[0], w.Shape[1], c.Height, c.Width)
	y, err := Conv2dOp{c.Window}.Infer([]graph.Type{dx, w})
	if err == nil && !y.Equal(dy) {
		err = &graph.Error{Want: "gradient " + y.String(), Got: dy.String()}
	}
	return dx, err
}

// Reference adds weight*dy onto every input element a tap has read.
func (c Conv2dDataGradientOp) Reference(in []graph.Array, out graph.Array) {
	w, dy := in[0], in[1]
	Conv2dOp{c.Window}.eachTap(out.Shape, w.Shape, dy.Shape, func(xi, wi, yi int) {
		out.Data[xi] += w.Data[wi] * dy.Data[yi]
	})
}

// MultiplyAdds counts as Conv2dOp's does.
func (c Conv2dDataGradientOp) MultiplyAdds(in []graph.Type, out graph.Type) (dense, effective int) {
	return c.multiplyAdds(out.Shape, in[1].Shape)
}

// Gradient makes the operation itself differentiable: it is linear in both
// operands.
func (c Conv2dDataGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, 2)
	if n.Need[0] {
		grads[0] = graph.Apply(Conv2dWeightGradientOp{c.Window}, n.Grad, n.In[1])
	}
	if n.Need[1] {
		grads[1] = graph.Apply(Conv2dOp{c.Window}, n.Grad, n.In[0])
	}
	return grads
}

// Conv2dWeightGradientOp is the gradient of Conv2dOp with respect to its weight:
// (x [N C H W], dy [N K OH OW]) to dw [K C R S], summed over the samples.
type Conv2dWeightGradientOp struct {
	Window
}

// Name is "conv2d_weight_gradient".
func (Conv2dWeightGradientOp) Name() string { return "conv2d_weight_gradient" }

// Infer checks that the operands belong to a Conv2dOp with this window.
func (c Conv2dWeightGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	x, dy := in[0], in[1]
	if err := images(x); err != nil {
		return graph.Type{}, err
	}
	if err := images(dy); err != nil {
		return graph.Type{}, err
	}
	dw := plain(dy.Shape[1], x.Shape[1], c.Kernel[0], c.Kernel[1])
	y, err := Conv2dOp{c.Window}.Infer([]graph.Type{x, dw})
	if err == nil && !y.Equal(dy) {
		err = &graph.Error{Want: "gradient " + y.String(), Got: dy.String()}
	}
	return dw, err
}

// Reference adds x*dy onto every weight a tap has read.
func (c Conv2dWeightGradientOp) Reference(in []graph.Array, out graph.Array) {
	x, dy := in[0], in[1]
	Conv2dOp{c.Window}.eachTap(x.Shape, out.Shape, dy.Shape, func(xi, wi, yi int) {
		out.Data[wi] += x.Data[xi] * dy.Data[yi]
	})
}

// MultiplyAdds counts as Conv2dOp's does.
func (c Conv2dWeightGradientOp) MultiplyAdds(in []graph.Type, _ graph.Type) (dense, effective int) {
	return c.multiplyAdds(in[0].Shape, in[1].Shape)
}

// Gradient makes the operation itself differentiable: it is linear in both
// operands.
func (c Conv2dWeightGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	x, dy := n.In[0], n.In[1]
	grads := make([]*graph.Value, 2)
	if n.Need[0] {
		grads[0] = graph.Apply(Conv2dDataGradientOp{c.Window, x.Dim(2), x.Dim(3)}, n.Grad, dy)
	}
	if n.Need[1] {
		grads[1] = graph.Apply(Conv2dOp{c.Window}, x, n.Grad)
	}
	return grads
}
