package parity

import (
	"slices"

	"gradus/graph"
	"gradus/op"
)

// convolve is the convolution of images x [N C H W] with weight [K C R S].
func convolve(w op.Window, x, weight array, bias *array) computation {
	c := computation{operands: []operand{
		samples("x", x.shape, x.data), parameter("w", weight.shape, weight.data),
	}}
	if bias != nil {
		c.operands = append(c.operands, parameter("b", bias.shape, bias.data))
	}
	c.apply = func(v map[string]*graph.Value) *graph.Value {
		in := []*graph.Value{v["x"], v["w"]}
		if bias != nil {
			in = append(in, v["b"])
		}
		return graph.Apply(op.Conv2dOp{Window: w}, in...)
	}
	return c
}

// unary is a function of one operand. A scalar has no batch dimension.
func unary(x array, f func(x *graph.Value) *graph.Value) computation {
	o := samples("x", x.shape, x.data)
	if len(x.shape) == 0 {
		o = parameter("x", x.shape, x.data)
	}
	return computation{
		operands: []operand{o},
		apply:    func(v map[string]*graph.Value) *graph.Value { return f(v["x"]) },
	}
}

// averagePool is an average over windows of images. Pools refuse padding of
// more than half a kernel; where padding counts, it can be added before.
func averagePool(w op.Window, excludePadding bool, x array) (c computation, reason string) {
	before := op.Padding{}
	if !padsLittle(w) {
		if excludePadding {
			return c, "wide padding"
		}
		before, w.Padding = w.Padding, before
	}
	return unary(x, func(x *graph.Value) *graph.Value {
		if before != (op.Padding{}) {
			x = op.Pad2d(x, before)
		}
		return graph.Apply(op.AvgPool2dOp{Window: w, ExcludePadding: excludePadding}, x)
	}), ""
}

// maxPool is the largest of each window of images.
func maxPool(w op.Window, x array) (c computation, reason string) {
	if !padsLittle(w) {
		return c, "wide padding"
	}
	return unary(x, func(x *graph.Value) *graph.Value { return graph.Apply(op.MaxPool2dOp{Window: w}, x) }), ""
}

// padsLittle reports whether no side is padded by more than half the kernel.
func padsLittle(w op.Window) bool {
	return 2*max(w.Padding.Top, w.Padding.Bottom) <= w.Kernel[0] && 2*max(w.Padding.Left, w.Padding.Right) <= w.Kernel[1]
}

// binary joins two arrays of one shape, or one array and a single number.
func binary(a, b array, f func(a, b *graph.Value) *graph.Value) (c computation, reason string) {
	second := samples("b", b.shape, b.data)
	switch {
	case !slices.Equal(a.shape, b.shape) && len(b.data) == 1:
		second = parameter("b", nil, b.data)
	case !slices.Equal(a.shape, b.shape) || len(a.shape) == 0:
		return c, "broadcast"
	}
	return computation{
		operands: []operand{samples("a", a.shape, a.data), second},
		apply:    func(v map[string]*graph.Value) *graph.Value { return f(v["a"], v["b"]) },
	}, ""
}

// matmul is a*b + c for matrices a [M K] and b [K N], as a linear layer with
// the weight b transposed. c may be nil, a bias for each column, a single
// number, or a matrix.
func matmul(a, b array, c *array) (_ computation, reason string) {
	if len(a.shape) != 2 || len(b.shape) != 2 {
		return computation{}, "not matrices"
	}
	m, n, weight := a.shape[0], b.shape[1], b.transposed(1, 0)
	y := computation{operands: []operand{
		samples("a", a.shape, a.data), parameter("w", weight.shape, weight.data),
	}}
	product := func(v map[string]*graph.Value) *graph.Value { return op.Linear(v["a"], v["w"], nil) }
	switch {
	case c == nil:
		y.apply = product
		return y, ""
	case slices.Equal(c.shape, []int{n}) || slices.Equal(c.shape, []int{1, n}):
		y.operands = append(y.operands, parameter("c", []int{n}, c.data))
		y.apply = func(v map[string]*graph.Value) *graph.Value { return op.Linear(v["a"], v["w"], v["c"]) }
		return y, ""
	case len(c.data) == 1:
		y.operands = append(y.operands, parameter("c", nil, c.data))
	case slices.Equal(c.shape, []int{m, n}):
		y.operands = append(y.operands, samples("c", c.shape, c.data))
	default:
		return computation{}, "broadcast"
	}
	y.apply = func(v map[string]*graph.Value) *graph.Value { return op.Add(product(v), v["c"]) }
	return y, ""
}

// pointwise is the function of the given name, nil if there is none.
func pointwise(name string) func(x *graph.Value) *graph.Value {
	return map[string]func(x *graph.Value) *graph.Value{
		"relu": op.ReLU, "sigmoid": op.Sigmoid, "tanh": op.Tanh,
	}[name]
}
