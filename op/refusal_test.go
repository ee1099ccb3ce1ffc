package op_test

import (
	"math"
	"testing"

	"gradus/graph"
	"gradus/op"
	"gradus/random"
)

func floats(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: shape, Batched: true}
}

func weights(shape ...int) graph.Type { return graph.Type{DType: graph.Float32, Shape: shape} }

func classes(n int) graph.Type {
	return graph.Type{DType: graph.Int32, Shape: graph.Shape{n}, Batched: true}
}

func TestL01Refusals(t *testing.T) {
	square := func(kernel, stride int, p op.Padding) op.Window {
		return op.Window{Kernel: [2]int{kernel, kernel}, Stride: [2]int{stride, stride}, Padding: p}
	}
	images := floats(2, 3, 5, 5)
	for _, test := range []struct {
		op   graph.Operation
		in   []graph.Type
		want string
	}{
		{op.ReLUOp{}, nil, "expected 1 operand, got 0"},
		{op.ReLUOp{}, []graph.Type{{DType: graph.Uint8, Shape: graph.Shape{2}}}, "expected operand 0 to be float32, got uint8[2]; op.Affine turns bytes into float32"},
		{op.ReLUGradientOp{}, []graph.Type{floats(2, 3), floats(3, 2)}, "expected float32[2* 3], got float32[3* 2]"},
		{op.AffineOp{Scale: math.NaN()}, []graph.Type{images}, "expected a finite scale and shift, got NaN"},
		{op.AddOp{}, []graph.Type{images, floats(2, 3, 4, 5)},
			"expected operands of one shape, or one that is a scalar or has a number per channel, got float32[2* 3 5 5] and float32[2* 3 4 5]; op.PadTo pads or crops images to another's size"},
		{op.MulOp{}, []graph.Type{images, weights(3)},
			"expected operands of one shape, or one that is a scalar or has a number per channel, got float32[2* 3 5 5] and float32[3]; op.PerChannel makes [C] fit images"},
		{op.AddOp{}, []graph.Type{floats(2, 3), floats(3)},
			"expected operands of one shape, or one that is a scalar or has a number per channel, got float32[2* 3] and float32[3*]"},
		{op.LinearOp{}, []graph.Type{images, weights(4, 75)}, "expected features [N I], got float32[2* 3 5 5]; put a Flatten before this layer"},
		{op.LinearOp{}, []graph.Type{floats(2, 3), weights(4, 5)}, "expected 5 input features (weight [4 5]), got 3 (input [2 3]); make this layer's input features the number of elements that reach it"},
		{op.LinearOp{}, []graph.Type{floats(2, 3), weights(4, 3), weights(3)}, "expected a bias [4], got float32[3]"},
		{op.LinearOp{}, []graph.Type{floats(2, 3)}, "expected 2 or 3 operands, got 1"},
		{op.Conv2dOp{Window: square(3, 1, op.Padding{})}, []graph.Type{floats(2, 75), weights(4, 3, 3, 3)}, "expected images [N C H W], got float32[2* 75]"},
		{op.Conv2dOp{Window: square(3, 1, op.Padding{})}, []graph.Type{images, weights(4, 1, 3, 3)}, "expected 1 input channels (weight [4 1 3 3]), got 3 (input [2 3 5 5]); make this layer's input channels the output channels of the one before"},
		{op.Conv2dOp{Window: square(3, 1, op.Padding{})}, []graph.Type{floats(2, 3, 0, 5), weights(4, 3, 3, 3)}, "expected images [N C H W] with H and W of 1 to 268435456, got float32[2* 3 0 5]"},
		{op.Conv2dOp{Window: square(3, 1, op.Padding{Top: math.MaxInt, Bottom: math.MaxInt})}, []graph.Type{images, weights(4, 3, 3, 3)}, "expected padding <= 268435456, got 9223372036854775807"},
		{op.Conv2dOp{Window: square(3, 0, op.Padding{})}, []graph.Type{images, weights(4, 3, 3, 3)}, "expected stride >= 1, got 0"},
		{op.Conv2dOp{Window: square(7, 1, op.Padding{Top: 1})}, []graph.Type{images, weights(4, 3, 7, 7)},
			"expected an image of at least 7x7 with its padding, got input 5x5, padding 1 0 0 0: the output would be empty; use a smaller kernel, more padding or fewer strides before this layer"},
		{op.Conv2dDataGradientOp{Window: square(3, 1, op.Padding{}), Height: 5, Width: 6}, []graph.Type{weights(4, 3, 3, 3), floats(2, 4, 3, 3)}, "expected gradient float32[2* 4 3 4], got float32[2* 4 3 3]"},
		{op.AvgPool2dOp{Window: square(3, 1, op.Pad(2))}, []graph.Type{images}, "expected padding of at most half the kernel 3x3, got 2 2 2 2; put a Pad2d before the pool"},
		{op.MaxPool2dOp{Window: square(0, 1, op.Padding{})}, []graph.Type{images}, "expected kernel height >= 1, got 0"},
		{op.MaxPool2dGradientOp{Window: square(2, 2, op.Padding{})}, []graph.Type{images, floats(2, 3, 3, 3)}, "expected gradient float32[2* 3 2 2], got float32[2* 3 3 3]"},
		{op.AvgPool2dGradientOp{AvgPool2dOp: op.AvgPool2dOp{Window: square(2, 2, op.Padding{})}, Height: -1, Width: 5}, []graph.Type{images}, "expected images [N C H W] with H and W of 1 to 268435456, got float32[2* 3 -1 5]"},
		{op.Pad2dOp{Padding: op.Padding{Top: -2, Bottom: -3}}, []graph.Type{images}, "expected an image that is bigger than what is cropped, got input 5x5, padding -2 -3 0 0"},
		{op.Pad2dOp{Padding: op.Padding{Top: -5, Bottom: 9}}, []graph.Type{images}, "expected an image that is bigger than what is cropped, got input 5x5, padding -5 9 0 0"},
		{op.Pad2dOp{Padding: op.Padding{Left: math.MaxInt}}, []graph.Type{images}, "expected padding of -268435456 to 268435456, got 9223372036854775807"},
		{op.FlattenOp{}, []graph.Type{weights()}, "expected at least 1 dimension, got float32[]"},
		{op.UnflattenOp{}, []graph.Type{floats(2, 3)}, "expected a shape with at least 1 dimension, got []"},
		{op.UnflattenOp{Shape: graph.Shape{2, 2, 2}}, []graph.Type{floats(2, 3)}, "expected 2 samples of 4 elements, for [2 2 2], got float32[2* 3]"},
		{op.UnflattenOp{Shape: graph.Shape{2, 2, 2}}, []graph.Type{floats(3, 4)}, "expected 2 samples of 4 elements, for [2 2 2], got float32[3* 4]"},
		{op.SumOp{PerChannel: true, Shape: graph.Shape{3}}, []graph.Type{floats(3)}, "expected at least 2 dimensions, got float32[3*]"},
		{op.SumOp{PerChannel: true, Shape: graph.Shape{2}}, []graph.Type{images}, "expected a result of 3 elements, got [2]"},
		{op.LogSoftmaxOp{}, []graph.Type{images}, "expected logits [N C], got float32[2* 3 5 5]"},
		{op.CrossEntropyLossesOp{}, []graph.Type{floats(2, 0), classes(2)}, "expected logits [N C], got float32[2* 0]"},
		{op.CrossEntropyLossesOp{}, []graph.Type{floats(2, 3), classes(3)}, "expected labels int32[2*], got int32[3*]"},
		{op.CrossEntropyLossesGradientOp{}, []graph.Type{floats(2, 3), classes(2), floats(3)}, "expected gradient float32[2*], got float32[3*]"},
		{op.BatchMeanOp{}, []graph.Type{floats(2, 3)}, "expected a number per sample [N], got float32[2* 3]"},
		{op.BatchMeanOp{}, []graph.Type{floats(2), floats(2)}, "expected the number of valid samples, float32[], got float32[2*]"},
		{op.BatchMeanGradientOp{Batch: 2}, []graph.Type{floats(2)}, "expected a scalar gradient, got float32[2*]"},
		{op.ErrorCountOp{}, []graph.Type{floats(2, 3)}, "expected 2 or 3 operands, got 1"},
		{op.NonFiniteCountOp{}, nil, "expected at least 1 operand, got 0"},
	} {
		_, err := test.op.Infer(test.in)
		if err == nil || err.Error() != test.want {
			t.Errorf("%s of %v:\nexpected error %s\ngot %v", test.op.Name(), test.in, test.want, err)
		}
	}
}

// Operands of any number and shape are refused or computed; nothing panics.
func TestL01ArbitraryOperands(t *testing.T) {
	accepted := map[string]int{}
	for _, o := range op.Operations() {
		r := random.New(1, "arbitrary operands", uint64(len(o.Name())))
		for range 4000 {
			tryOperands(t, r, o, accepted)
		}
	}
	for _, name := range []string{"add", "relu", "sum", "linear_data_gradient", "non_finite_count"} {
		if accepted[name] == 0 {
			t.Errorf("%s: expected some operands to fit, got none", name)
		}
	}
}

func tryOperands(t *testing.T, r *random.Stream, o graph.Operation, accepted map[string]int) {
	in := make([]graph.Type, r.IntN(4))
	for i := range in {
		in[i] = graph.Type{DType: graph.Float32, Shape: make(graph.Shape, r.IntN(5))}
		if r.IntN(5) == 0 {
			in[i].DType = []graph.DType{graph.Int32, graph.Uint8}[r.IntN(2)]
		}
		for k := range in[i].Shape {
			in[i].Shape[k] = r.IntN(3)
		}
		in[i].Batched = len(in[i].Shape) > 0 && r.IntN(3) > 0
	}
	defer func() {
		if p := recover(); p != nil {
			t.Fatalf("%s of %v: expected a result or an error, got panic: %v", o.Name(), in, p)
		}
	}()
	out, err := o.Infer(in)
	if err != nil || out.Check() != nil {
		return
	}
	accepted[o.Name()]++
	var arrays []graph.Array
	for _, typ := range in {
		arrays = append(arrays, graph.Array{Shape: typ.Shape, Data: make([]float64, typ.Size())})
	}
	o.Reference(arrays, graph.Array{Shape: out.Shape, Data: make([]float64, out.Size())})
}
