package parity

import (
	"bufio"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/op"
)

// ONNX runs the node tests of the ONNX project.
func ONNX(t *testing.T, dev device.Device, p Precision) {
	f, err := os.Open(filepath.Join(fixture.Outside(t), "onnx", "core.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var counts tally
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		node := fixture.JSON[onnxNode](t, lines.Bytes())
		c, reason := node.computation()
		if reason != "" {
			counts.skip(reason)
			continue
		}
		counts.run(t, node.Case, c, dev, p, map[string][]float64{result: node.Outputs[0].Data})
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	counts.report(t, "ONNX node tests", 43)
}

// onnxNode is one line of the suite.
type onnxNode struct {
	Case       string
	Op         string
	Attrs      onnxAttributes
	NodeInputs []string `json:"node_inputs"`
	Tensors    []onnxTensor
	Outputs    []onnxTensor
}

// onnxAttributes are the attributes of all operators; pointers where an absent
// one does not mean 0.
type onnxAttributes struct {
	KernelShape     []int `json:"kernel_shape"`
	Strides         []int
	Pads            []int // top, left, bottom, right
	Dilations       []int
	AutoPad         string `json:"auto_pad"`
	CeilMode        int    `json:"ceil_mode"`
	CountIncludePad int    `json:"count_include_pad"`
	Group           *int
	Axis            *int
	Alpha, Beta     *float64
	TransA, TransB  int
	Mode            string
	Value           float64
	Reduction       string
	IgnoreIndex     *int `json:"ignore_index"`
}

type onnxTensor struct {
	Name  string
	Shape []int
	DType string
	Data  []float64
}

// input is the node's input i, nil where it has none.
func (n *onnxNode) input(i int) *array {
	if i >= len(n.NodeInputs) {
		return nil
	}
	at := slices.IndexFunc(n.Tensors, func(x onnxTensor) bool { return x.Name == n.NodeInputs[i] })
	if at < 0 {
		return nil
	}
	return &array{n.Tensors[at].Shape, n.Tensors[at].Data}
}

// computation is what the node computes, or the reason why it cannot be
// expressed.
func (n *onnxNode) computation() (c computation, reason string) {
	if n.Tensors[0].DType != "float32" {
		return c, "dtype"
	}
	x := *n.input(0)
	switch n.Op {
	case "Conv", "AveragePool", "MaxPool", "GlobalAveragePool":
		return n.sliding(x)
	case "Gemm":
		return n.gemm(x)
	case "MatMul":
		return matmul(x, *n.input(1), nil)
	case "Pad":
		return n.pad(x)
	case "Flatten":
		return n.flatten(x)
	case "LogSoftmax":
		return n.logSoftmax(x)
	case "SoftmaxCrossEntropyLoss":
		return n.crossEntropy(x)
	}
	if f := pointwise(strings.ToLower(n.Op)); f != nil {
		return unary(x, f), ""
	}
	return c, "unknown op"
}

// sliding is a convolution or a pool.
func (n *onnxNode) sliding(x array) (c computation, reason string) {
	a := n.Attrs
	x, ok := x.nchw()
	switch {
	case !ok:
		return c, "rank"
	case !only(a.Dilations, 1):
		return c, "dilation"
	case a.Group != nil && *a.Group != 1:
		return c, "groups"
	case a.CeilMode != 0:
		return c, "rounding up"
	}
	w := n.window(x.shape)
	switch n.Op {
	case "Conv":
		weight, _ := n.input(1).nchw()
		return convolve(w, x, weight, n.input(2)), ""
	case "MaxPool":
		return maxPool(w, x)
	}
	return averagePool(w, a.CountIncludePad == 0, x)
}

// window reads kernel, strides and padding for images of a shape. Attributes of
// one dimension are about columns.
func (n *onnxNode) window(image []int) op.Window {
	a := n.Attrs
	w := op.Window{Kernel: [2]int{image[2], image[3]}, Stride: [2]int{1, 1}}
	rank := len(a.KernelShape)
	copy(w.Kernel[2-rank:], a.KernelShape)
	copy(w.Stride[2-len(a.Strides):], a.Strides)
	if rank == 1 {
		w.Kernel[0] = 1
	}
	switch {
	case strings.HasPrefix(a.AutoPad, "SAME"):
		w.Padding.Top, w.Padding.Bottom = n.same(image[2], w.Kernel[0], w.Stride[0])
		w.Padding.Left, w.Padding.Right = n.same(image[3], w.Kernel[1], w.Stride[1])
	case len(a.Pads) == 2:
		w.Padding.Left, w.Padding.Right = a.Pads[0], a.Pads[1]
	case len(a.Pads) == 4:
		w.Padding = op.Padding{Top: a.Pads[0], Left: a.Pads[1], Bottom: a.Pads[2], Right: a.Pads[3]}
	}
	return w
}

// same is the padding that makes the output size ceil(size / stride); an odd
// row goes where the attribute says.
func (n *onnxNode) same(size, kernel, stride int) (before, after int) {
	total := max(0, ((size+stride-1)/stride-1)*stride+kernel-size)
	if n.Attrs.AutoPad == "SAME_LOWER" {
		return total - total/2, total / 2
	}
	return total / 2, total - total/2
}

func (n *onnxNode) gemm(a array) (computation, string) {
	b, bias := *n.input(1), n.input(2)
	if n.Attrs.TransA != 0 {
		a = a.transposed(1, 0)
	}
	if n.Attrs.TransB != 0 {
		b = b.transposed(1, 0)
	}
	alpha, beta := orOne(n.Attrs.Alpha), orOne(n.Attrs.Beta)
	if beta == 0 {
		bias, beta = nil, 1
	}
	if alpha != 1 || beta != 1 {
		return computation{}, "alpha or beta"
	}
	return matmul(a, b, bias)
}

func orOne(x *float64) float64 {
	if x == nil {
		return 1
	}
	return *x
}

func (n *onnxNode) pad(x array) (c computation, reason string) {
	a := n.Attrs
	if a.Mode != "constant" {
		return c, "mode"
	}
	if value := n.input(2); a.Value != 0 || value != nil && !only0(value.data) {
		return c, "padding value"
	}
	if len(a.Pads) != 8 || !only(append(slices.Clone(a.Pads[:2]), a.Pads[4:6]...), 0) {
		return c, "axes"
	}
	padding := op.Padding{Top: a.Pads[2], Left: a.Pads[3], Bottom: a.Pads[6], Right: a.Pads[7]}
	return unary(x, func(x *graph.Value) *graph.Value { return op.Pad2d(x, padding) }), ""
}

func only0(data []float64) bool {
	return !slices.ContainsFunc(data, func(v float64) bool { return v != 0 })
}

func (n *onnxNode) flatten(x array) (c computation, reason string) {
	if axis := n.Attrs.Axis; axis != nil && (*axis+len(x.shape))%len(x.shape) != 1%len(x.shape) {
		return c, "axis"
	}
	return unary(x, op.Flatten), ""
}

// logSoftmax is along the last axis, of which all others are rows.
func (n *onnxNode) logSoftmax(x array) (c computation, reason string) {
	last := len(x.shape) - 1
	if axis := n.Attrs.Axis; axis != nil && *axis != -1 && *axis != last {
		return c, "axis"
	}
	columns := x.shape[last]
	return unary(x.reshaped(len(x.data)/columns, columns), op.LogSoftmax), ""
}

func (n *onnxNode) crossEntropy(x array) (c computation, reason string) {
	y := n.input(1)
	switch ignored := n.Attrs.IgnoreIndex; {
	case n.input(2) != nil:
		return c, "class weights"
	case len(x.shape) != 2:
		return c, "rank"
	case ignored != nil && slices.Contains(y.data, float64(*ignored)):
		return c, "ignored labels"
	case n.Attrs.Reduction != "mean":
		return c, "reduction"
	}
	return computation{
		operands: []operand{samples("x", x.shape, x.data), labels("y", y.data)},
		apply:    func(v map[string]*graph.Value) *graph.Value { return op.CrossEntropy(v["x"], v["y"], nil) },
	}, ""
}
