package parity

import (
	"path/filepath"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/op"
	"gradus/optim"
)

// Literals runs gradients written down in the test suites of TensorFlow, tfjs
// and NNlib.
func Literals(t *testing.T, dev device.Device, p Precision) {
	var counts tally
	for _, g := range readCases[literal](t, filepath.Join(fixture.Outside(t), "grads", "grad_cases.json")) {
		if g.Op == "sgd_momentum" && !g.Nesterov {
			counts.ran++
			g.descend(t, dev, p)
			continue
		}
		c, reason := g.computation()
		if reason != "" {
			counts.skip(reason)
			continue
		}
		counts.run(t, g.Src, c, dev, p, g.expected())
	}
	counts.report(t, "literal gradients", 48)
}

// literal is one case; absent arrays are nil.
type literal struct {
	Src, Op         string
	X, W, DY        []float64
	XShape          []int `json:"x_shape"`
	WShape          []int `json:"w_shape"`
	DYShape         []int `json:"dy_shape"`
	Kernel, Strides []int
	Pads            []int // top, left, bottom, right; of one dimension: before, after
	Dilations       []int
	Group           int
	CountIncludePad int       `json:"count_include_pad"`
	Y               []float64 `json:"expect_y"`
	DX              []float64 `json:"expect_dx"`
	DW              []float64 `json:"expect_dw"`
	LR, Momentum    float64
	Nesterov        bool
	X0              []float64
	Steps           [][]float64 `json:"expect_x"`
}

// expected are the outputs the case gives.
func (g *literal) expected() map[string][]float64 {
	want := map[string][]float64{}
	for name, x := range map[string][]float64{
		result: g.Y, graph.GradientName("x"): g.DX, graph.GradientName("w"): g.DW,
	} {
		if x != nil {
			want[name] = x
		}
	}
	return want
}

// computation is what the case computes, or the reason why it cannot be
// expressed.
func (g *literal) computation() (c computation, reason string) {
	x := array{g.XShape, g.X}
	if x.data == nil {
		x.data = make([]float64, size(x.shape))
	}
	switch g.Op {
	case "conv2d_grad":
		c, reason = g.conv2d(x)
	case "avgpool2d_grad":
		c, reason = averagePool(g.window(g.Kernel), g.CountIncludePad == 0, x)
	case "maxpool2d_grad":
		c, reason = maxPool(g.window(g.Kernel), x)
	case "relu_grad":
		c = unary(x, op.ReLU)
	case "sigmoid_grad":
		c = unary(x, op.Sigmoid)
	case "tanh_grad":
		c = unary(x, op.Tanh)
	case "log_softmax_grad":
		c = unary(x.reshaped(1, len(x.data)), op.LogSoftmax)
	case "pad_grad":
		padding := op.Padding{Left: g.Pads[0], Right: g.Pads[1]}
		c = unary(x.reshaped(1, 1, 1, len(x.data)), func(x *graph.Value) *graph.Value { return op.Pad2d(x, padding) })
	case "sgd_momentum":
		return c, "nesterov"
	default:
		return c, "unknown op"
	}
	c.upstream = g.DY
	if g.DX != nil {
		c.wrt = append(c.wrt, "x")
	}
	if g.DW != nil {
		c.wrt = append(c.wrt, "w")
	}
	return c, reason
}

func (g *literal) conv2d(x array) (c computation, reason string) {
	if !only(g.Dilations, 1) {
		return c, "dilation"
	}
	if size(g.DYShape[1:]) == 0 {
		return c, "empty images"
	}
	weight := array{g.WShape, g.W}
	if weight.data == nil {
		weight.data = make([]float64, size(weight.shape))
	}
	return convolve(g.window(g.WShape[2:]), x, weight, nil), ""
}

func (g *literal) window(kernel []int) op.Window {
	return op.Window{
		Kernel: [2]int(kernel), Stride: [2]int(g.Strides),
		Padding: op.Padding{Top: g.Pads[0], Left: g.Pads[1], Bottom: g.Pads[2], Right: g.Pads[3]},
	}
}

// descend minimises the sum of squares, whose gradient is 2x, and compares
// every step.
func (g *literal) descend(t *testing.T, dev device.Device, p Precision) {
	t.Helper()
	program, err := graph.Trace(nil, graph.Training, func(b *graph.Builder) {
		x := b.State("x", graph.Type{DType: graph.Float32, Shape: graph.Shape{len(g.X0)}})
		b.Output("loss", op.TotalSum(op.Mul(x, x)), false)
	})
	if err == nil {
		program, err = graph.Differentiate(program, "loss")
	}
	if err == nil {
		program, err = optim.Append(program, optim.SGD{Momentum: g.Momentum})
	}
	if err != nil {
		t.Fatalf("%s: %v", g.Src, err)
	}
	state := device.NewState([]graph.Parameter{
		{Name: "x", Tensor: &graph.Tensor{Shape: graph.Shape{len(g.X0)}, Data: fixture.Narrow[float32](g.X0)}},
	})
	exec, err := dev.Compile(state, map[string]*graph.Program{"train": program})
	if err != nil {
		t.Fatalf("%s: %v", g.Src, err)
	}
	defer exec.Close()
	for i, want := range g.Steps {
		_, err := p.call(exec, "train", program, nil, map[string]float64{"learning_rate": g.LR, "momentum": g.Momentum})
		if err != nil {
			t.Fatalf("%s: step %d: %v", g.Src, i, err)
		}
		got, err := p.state(exec, state, "x")
		if err != nil {
			t.Fatalf("%s: step %d: %v", g.Src, i, err)
		}
		if err := outsideBound.Check(got, want); err != nil {
			t.Errorf("%s: step %d: %v", g.Src, i, err)
		}
	}
}
