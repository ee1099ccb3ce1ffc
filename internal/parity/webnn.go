package parity

import (
	"encoding/json"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/op"
)

// largest is the size of tensor up to which cases run; beyond it they test an
// implementation's memory, not its numbers.
const largest = 1 << 20

// WebNN runs the conformance tests of the Web Neural Network API.
func WebNN(t *testing.T, dev device.Device, p Precision) {
	files, err := filepath.Glob(filepath.Join(fixture.Outside(t), "webnn", "conformance", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	var counts tally
	for _, file := range files {
		for _, test := range readCases[webnnCase](t, file) {
			c, reason := test.computation()
			if reason != "" {
				counts.skip(reason)
				continue
			}
			want, err := test.expected()
			if err != nil {
				t.Fatalf("%s: %v", test.Name, err)
			}
			counts.run(t, test.Name, c, dev, p, map[string][]float64{result: want.data})
		}
	}
	counts.report(t, "WebNN conformance tests", 94)
}

// webnnCase is a graph of one operator.
type webnnCase struct {
	Name  string
	Graph struct {
		Inputs          map[string]webnnTensor
		Operators       []webnnOperator
		ExpectedOutputs map[string]webnnTensor
	}
}

type webnnTensor struct {
	Descriptor struct {
		DataType string
		Shape    []int
	}
	Data json.RawMessage // a list, or one number for all elements
}

type webnnOperator struct {
	Name      string
	Arguments []map[string]json.RawMessage
}

// webnnOptions are the options of all operators; pointers where an absent one
// does not mean 0.
type webnnOptions struct {
	Padding                   []int // top, bottom, left, right
	Strides, Dilations        []int
	Groups                    int
	InputLayout, FilterLayout string
	Layout                    string
	Bias, C                   string // names of inputs
	WindowDimensions          []int
	OutputSizes               []int
	RoundingType              string
	Alpha, Beta               *float64
	ATranspose, BTranspose    bool
	MinValue, MaxValue        *float64
	Mode                      string
	Value                     float64
	Axes                      []int
}

// array reads a tensor.
func (x webnnTensor) array() (array, error) {
	a := array{x.Descriptor.Shape, make([]float64, 0, size(x.Descriptor.Shape))}
	var list []any
	if err := json.Unmarshal(x.Data, &list); err != nil {
		var one any
		if err := json.Unmarshal(x.Data, &one); err != nil {
			return a, err
		}
		list = slices.Repeat([]any{one}, size(a.shape))
	}
	for _, v := range list {
		n, err := number(v)
		if err != nil {
			return a, err
		}
		a.data = append(a.data, n)
	}
	if len(a.data) != size(a.shape) {
		return a, fmt.Errorf("expected %d numbers, got %d", size(a.shape), len(a.data))
	}
	return a, nil
}

// number reads what JSON has no number for, infinities and NaN, from a string.
func number(v any) (float64, error) {
	switch v := v.(type) {
	case float64:
		return v, nil
	case string:
		return strconv.ParseFloat(v, 64)
	}
	return math.NaN(), fmt.Errorf("expected a number, got %v", v)
}

// expected is the expected output, images as [N C H W].
func (c *webnnCase) expected() (array, error) {
	for _, x := range c.Graph.ExpectedOutputs {
		a, err := x.array()
		if o := c.options(); err == nil && (o.InputLayout == "nhwc" || o.Layout == "nhwc") {
			a = a.transposed(0, 3, 1, 2)
		}
		return a, err
	}
	return array{}, fmt.Errorf("expected an output, got none")
}

// argument reads the operator's argument of a name into v and reports whether
// there is one.
func (c *webnnCase) argument(name string, v any) bool {
	for _, a := range c.Graph.Operators[0].Arguments {
		if text, ok := a[name]; ok {
			return json.Unmarshal(text, v) == nil
		}
	}
	return false
}

func (c *webnnCase) options() (o webnnOptions) {
	c.argument("options", &o)
	return o
}

// input is the input an argument names; its absence would show in the results.
func (c *webnnCase) input(argument string) array {
	var name string
	c.argument(argument, &name)
	return c.named(name)
}

func (c *webnnCase) named(name string) array {
	a, err := c.Graph.Inputs[name].array()
	if err != nil {
		panic(fmt.Sprintf("%s: input %s: %v", c.Name, name, err))
	}
	return a
}

// computation is what the graph computes, or the reason why it cannot be
// expressed.
func (c *webnnCase) computation() (_ computation, reason string) {
	for _, x := range c.Graph.Inputs {
		switch {
		case x.Descriptor.DataType != "float32":
			return computation{}, "dtype"
		case size(x.Descriptor.Shape) > largest:
			return computation{}, "too large"
		}
	}
	switch name := c.Graph.Operators[0].Name; name {
	case "add":
		return binary(c.input("a"), c.input("b"), op.Add)
	case "mul":
		return binary(c.input("a"), c.input("b"), op.Mul)
	case "sub":
		return binary(c.input("a"), c.input("b"), func(a, b *graph.Value) *graph.Value {
			return op.Add(a, op.Affine(b, -1, 0))
		})
	case "relu", "sigmoid", "tanh":
		return unary(c.input("input"), pointwise(name)), ""
	case "linear":
		return c.affine()
	case "conv2d":
		return c.conv2d()
	case "averagePool2d", "maxPool2d":
		return c.pool2d()
	case "matmul":
		return matmul(c.input("a"), c.input("b"), nil)
	case "gemm":
		return c.gemm()
	case "pad":
		return c.pad()
	case "reshape":
		return c.reshape()
	}
	return computation{}, "unknown op"
}

// affine is alpha*x + beta.
func (c *webnnCase) affine() (computation, string) {
	o := c.options()
	beta := 0.0
	if o.Beta != nil {
		beta = *o.Beta
	}
	return unary(c.input("input"), func(x *graph.Value) *graph.Value {
		return op.Affine(x, orOne(o.Alpha), beta)
	}), ""
}

func (c *webnnCase) conv2d() (_ computation, reason string) {
	o, x, weight := c.options(), c.input("input"), c.input("filter")
	if o.InputLayout == "nhwc" {
		x = x.transposed(0, 3, 1, 2)
	}
	weight = oihw(weight, o.FilterLayout)
	switch {
	case !only(o.Dilations, 1):
		return computation{}, "dilation"
	case o.Groups > 1:
		return computation{}, "groups"
	}
	var bias *array
	if o.Bias != "" {
		b := c.named(o.Bias)
		bias = &b
	}
	return convolve(o.window(weight.shape[2:]), x, weight, bias), ""
}

// oihw brings a filter to [out in height width].
func oihw(filter array, layout string) array {
	switch layout {
	case "hwio":
		return filter.transposed(3, 2, 0, 1)
	case "ohwi":
		return filter.transposed(0, 3, 1, 2)
	case "ihwo":
		return filter.transposed(3, 0, 1, 2)
	}
	return filter
}

func (c *webnnCase) pool2d() (_ computation, reason string) {
	o, x := c.options(), c.input("input")
	if o.Layout == "nhwc" {
		x = x.transposed(0, 3, 1, 2)
	}
	if !only(o.Dilations, 1) {
		return computation{}, "dilation"
	}
	w := o.window(x.shape[2:])
	if o.roundsUp(w, x.shape[2:]) {
		return computation{}, "rounding up"
	}
	if c.Graph.Operators[0].Name == "maxPool2d" {
		return maxPool(w, x)
	}
	return averagePool(w, true, x)
}

// window reads kernel, strides and padding; the kernel is the given one where
// there is no windowDimensions.
func (o webnnOptions) window(kernel []int) op.Window {
	w := op.Window{Kernel: [2]int(kernel), Stride: [2]int{1, 1}}
	copy(w.Kernel[:], o.WindowDimensions)
	copy(w.Stride[:], o.Strides)
	if len(o.Padding) == 4 {
		w.Padding = op.Padding{Top: o.Padding[0], Bottom: o.Padding[1], Left: o.Padding[2], Right: o.Padding[3]}
	}
	return w
}

// roundsUp reports whether the output is larger than its windows fill:
// explicit sizes count, else the rounding type.
func (o webnnOptions) roundsUp(w op.Window, image []int) bool {
	height := image[0] + w.Padding.Top + w.Padding.Bottom - w.Kernel[0]
	width := image[1] + w.Padding.Left + w.Padding.Right - w.Kernel[1]
	if len(o.OutputSizes) == 2 {
		return o.OutputSizes[0] != height/w.Stride[0]+1 || o.OutputSizes[1] != width/w.Stride[1]+1
	}
	return o.RoundingType == "ceil" && (height%w.Stride[0] != 0 || width%w.Stride[1] != 0)
}

func (c *webnnCase) gemm() (_ computation, reason string) {
	o, a, b := c.options(), c.input("a"), c.input("b")
	if o.ATranspose {
		a = a.transposed(1, 0)
	}
	if o.BTranspose {
		b = b.transposed(1, 0)
	}
	var bias *array
	if o.C != "" {
		x := c.named(o.C)
		bias = &x
	}
	if orOne(o.Alpha) != 1 || bias != nil && orOne(o.Beta) != 1 {
		return computation{}, "alpha or beta"
	}
	return matmul(a, b, bias)
}

// pad pads arrays of up to two dimensions as a single image, and images.
func (c *webnnCase) pad() (_ computation, reason string) {
	o, x := c.options(), c.input("input")
	var begin, end []int
	c.argument("beginningPadding", &begin)
	c.argument("endingPadding", &end)
	if o.Mode != "" && o.Mode != "constant" {
		return computation{}, "mode"
	}
	if o.Value != 0 {
		return computation{}, "padding value"
	}
	if len(x.shape) > 4 {
		return computation{}, "rank"
	}
	for len(x.shape) < 4 {
		x.shape = append([]int{1}, x.shape...)
		begin, end = append([]int{0}, begin...), append([]int{0}, end...)
	}
	if !only(begin[:2], 0) || !only(end[:2], 0) {
		return computation{}, "axes"
	}
	padding := op.Padding{Top: begin[2], Left: begin[3], Bottom: end[2], Right: end[3]}
	return unary(x, func(x *graph.Value) *graph.Value { return op.Pad2d(x, padding) }), ""
}

// reshape runs the cases that keep the first dimension and join the others.
func (c *webnnCase) reshape() (_ computation, reason string) {
	x := c.input("input")
	var shape []int
	c.argument("newShape", &shape)
	if len(x.shape) < 2 || len(shape) != 2 || shape[0] != x.shape[0] {
		return computation{}, "axes"
	}
	return unary(x, op.Flatten), ""
}
