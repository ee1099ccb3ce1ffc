package op

import (
	"fmt"

	"gradus/graph"
)

// Linear is x times the transposed weight plus bias: x [N I], weight [O I],
// bias [O] or nil, result [N O].
//
//	y[n o] = bias[o] + sum over i of weight[o i] * x[n i]
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Linear.html
func Linear(x, weight, bias *graph.Value) *graph.Value {
	if bias == nil {
		return graph.Apply(LinearOp{}, x, weight)
	}
	return graph.Apply(LinearOp{}, x, weight, bias)
}

// LinearOp is the operation behind Linear: operands x, weight and optionally
// bias.
type LinearOp struct{}

// Name is "linear".
func (LinearOp) Name() string { return "linear" }

// Infer wants x [N I], weight [O I] and, if present, bias [O].
func (LinearOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := someOperands(in, 2, 3); err != nil {
		return graph.Type{}, err
	}
	x, w := in[0], in[1]
	if len(x.Shape) != 2 || !x.Batched {
		return graph.Type{}, &graph.Error{Want: "features [N I]", Got: x.String(), Fix: "put a Flatten before this layer"}
	}
	if len(w.Shape) != 2 || w.Batched {
		return graph.Type{}, &graph.Error{Want: "a weight [O I]", Got: w.String()}
	}
	if x.Shape[1] != w.Shape[1] {
		return graph.Type{}, &graph.Error{
			Want: fmt.Sprintf("%d input features (weight %v)", w.Shape[1], w.Shape),
			Got:  fmt.Sprintf("%d (input %v)", x.Shape[1], x.Shape),
			Fix:  "make this layer's input features the number of elements that reach it",
		}
	}
	if len(in) == 3 && !in[2].Equal(plain(w.Shape[0])) {
		return graph.Type{}, &graph.Error{Want: fmt.Sprintf("a bias %v", graph.Shape{w.Shape[0]}), Got: in[2].String()}
	}
	return batched(x.Shape[0], w.Shape[0]), nil
}

// Reference is the formula of Linear.
func (LinearOp) Reference(in []graph.Array, out graph.Array) {
	eachProduct(in[0].Shape[0], in[1].Shape, func(x, w, y int) { out.Data[y] += in[0].Data[x] * in[1].Data[w] })
	if len(in) == 3 {
		for i := range out.Data {
			out.Data[i] += in[2].Data[i%out.Shape[1]]
		}
	}
}

// eachProduct calls f with the offsets into x, weight and y of every product.
func eachProduct(n int, weight graph.Shape, f func(x, w, y int)) {
	outs, ins := weight[0], weight[1]
	for s := range n {
		for o := range outs {
			for i := range ins {
				f(s*ins+i, o*ins+i, s*outs+o)
			}
		}
	}
}

// MultiplyAdds counts the multiply-adds of the whole batch; there is no padding,
// so both numbers are the same. The bias is not counted.
func (LinearOp) MultiplyAdds(in []graph.Type, _ graph.Type) (dense, effective int) {
	return products(in[0].Shape[0], in[1].Shape)
}

// products counts the calls of eachProduct.
func products(n int, weight graph.Shape) (dense, effective int) {
	count := n * weight[0] * weight[1]
	return count, count
}

// Gradient records the gradients of the operands, as far as they are needed. That of
// the bias comes first, as in [Conv2dOp.Gradient].
func (LinearOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, len(n.In))
	if len(n.In) == 3 && n.Need[2] {
		grads[2] = ChannelSum(n.Grad)
	}
	if n.Need[0] {
		grads[0] = graph.Apply(LinearDataGradientOp{}, n.In[1], n.Grad)
	}
	if n.Need[1] {
		grads[1] = graph.Apply(LinearWeightGradientOp{}, n.In[0], n.Grad)
	}
	return grads
}

// LinearDataGradientOp is the gradient of Linear with respect to its features:
// (weight [O I], dy [N O]) to dx [N I].
type LinearDataGradientOp struct{}

// Name is "linear_data_gradient".
func (LinearDataGradientOp) Name() string { return "linear_data_gradient" }

// Infer wants weight [O I] and dy [N O].
func (LinearDataGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	w, dy := in[0], in[1]
	if len(w.Shape) != 2 || w.Batched || len(dy.Shape) != 2 || !dy.Batched || w.Shape[0] != dy.Shape[1] {
		return graph.Type{}, &graph.Error{Want: "a weight [O I] and a gradient [N O]", Got: w.String() + " and " + dy.String()}
	}
	return batched(dy.Shape[0], w.Shape[1]), nil
}

// Reference is dx[n i] = sum over o of weight[o i] * dy[n o].
func (LinearDataGradientOp) Reference(in []graph.Array, out graph.Array) {
	eachProduct(out.Shape[0], in[0].Shape, func(x, w, y int) { out.Data[x] += in[0].Data[w] * in[1].Data[y] })
}

// MultiplyAdds counts as LinearOp's does.
func (LinearDataGradientOp) MultiplyAdds(in []graph.Type, out graph.Type) (dense, effective int) {
	return products(out.Shape[0], in[0].Shape)
}

// Gradient makes the operation itself differentiable: it is linear in both
// operands.
func (LinearDataGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, 2)
	if n.Need[0] {
		grads[0] = graph.Apply(LinearWeightGradientOp{}, n.Grad, n.In[1])
	}
	if n.Need[1] {
		grads[1] = graph.Apply(LinearOp{}, n.Grad, n.In[0])
	}
	return grads
}

// LinearWeightGradientOp is the gradient of Linear with respect to its weight:
// (x [N I], dy [N O]) to dw [O I], summed over the samples.
type LinearWeightGradientOp struct{}

// Name is "linear_weight_gradient".
func (LinearWeightGradientOp) Name() string { return "linear_weight_gradient" }

// Infer wants x [N I] and dy [N O].
func (LinearWeightGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	x, dy := in[0], in[1]
	if len(x.Shape) != 2 || !x.Batched || len(dy.Shape) != 2 || !dy.Batched || x.Shape[0] != dy.Shape[0] {
		return graph.Type{}, &graph.Error{Want: "features [N I] and a gradient [N O]", Got: x.String() + " and " + dy.String()}
	}
	return plain(dy.Shape[1], x.Shape[1]), nil
}

// Reference is dw[o i] = sum over n of x[n i] * dy[n o].
func (LinearWeightGradientOp) Reference(in []graph.Array, out graph.Array) {
	eachProduct(in[0].Shape[0], out.Shape, func(x, w, y int) { out.Data[w] += in[0].Data[x] * in[1].Data[y] })
}

// MultiplyAdds counts as LinearOp's does.
func (LinearWeightGradientOp) MultiplyAdds(in []graph.Type, out graph.Type) (dense, effective int) {
	return products(in[0].Shape[0], out.Shape)
}

// Gradient makes the operation itself differentiable: it is linear in both
// operands.
func (LinearWeightGradientOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, 2)
	if n.Need[0] {
		grads[0] = graph.Apply(LinearDataGradientOp{}, n.Grad, n.In[1])
	}
	if n.Need[1] {
		grads[1] = graph.Apply(LinearOp{}, n.In[0], n.Grad)
	}
	return grads
}
