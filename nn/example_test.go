package nn_test

import (
	"fmt"
	"strings"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// show traces m on a batch of the given shape and prints, for each operation,
// the layer that applies it and the shape of its result.
func show(m nn.Module, shape ...int) {
	model := m
	if _, err := nn.Parameters(m); err != nil {
		model = nil // a layer without parameters is no model
	}
	p, err := graph.Trace(model, graph.Evaluation, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, graph.Type{DType: graph.Float32, Shape: shape, Batched: true})
		b.Output("y", x.Through(m), false)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, n := range p.Nodes {
		fmt.Println(strings.TrimSpace(n.Path+" "+n.Op.Name()), p.Values[n.Out].Shape)
	}
}

func ExampleConv2d() {
	conv := nn.NewConv2d(random.New(1, "model"), 1, 4, 3, nn.Conv2dOptions{Stride: 2, Padding: 1})
	fmt.Println(conv.Weight.Shape, conv.Bias.Shape)
	p, err := trace(conv, 16, 1, 28, 28)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Print(p)
	// Output:
	// [4 1 3 3] [4]
	// input  %2 float32[16* 1 28 28] x (sample)
	// state  %0 float32[4 1 3 3] weight
	// state  %1 float32[4] bias
	// %3 = conv2d(%2, %0, %1) {"kernel":[3,3],"stride":[2,2],"padding":{"top":1,"bottom":1,"left":1,"right":1}}  float32[16* 4 14 14]
	// output %3 y
}

func ExampleLinear() {
	linear := nn.NewLinear(random.New(1, "model"), 128, 10, nn.LinearOptions{})
	fmt.Println(linear.Weight.Shape, linear.Bias.Shape)
	show(linear, 16, 128)
	// Output:
	// [10 128] [10]
	// linear [16 10]
}

func ExampleCompose() {
	r := random.New(1, "model")
	m := nn.Compose(
		nn.NewLinear(r, 196, 10, nn.LinearOptions{}),
		nn.Compose(nn.Flatten{}, nn.NewConv2d(r, 1, 4, 3, nn.Conv2dOptions{Stride: 4, Padding: 1})))
	show(m, 16, 1, 28, 28)
	// Output:
	// g.g conv2d [16 4 7 7]
	// g.f flatten [16 196]
	// f linear [16 10]
}

func ExampleSequential() {
	r := random.New(1, "model")
	m := &nn.Sequential{
		nn.NewConv2d(r, 1, 4, 3, nn.Conv2dOptions{Stride: 4, Padding: 1}),
		nn.ReLU,
		nn.Flatten{},
		nn.NewLinear(r, 196, 10, nn.LinearOptions{}),
	}
	show(m, 16, 1, 28, 28)
	// Output:
	// 0 conv2d [16 4 7 7]
	// 1 relu [16 4 7 7]
	// 2 flatten [16 196]
	// 3 linear [16 10]
}

// A skip connection: what the layer computes is added to its input.
func ExampleJoin() {
	conv := nn.NewConv2d(random.New(1, "model"), 4, 4, 3, nn.Conv2dOptions{Padding: 1})
	show(nn.Compose(nn.ReLU, nn.Join(conv, nil, op.Add)), 16, 4, 7, 7)
	// Output:
	// g.f conv2d [16 4 7 7]
	// g add [16 4 7 7]
	// f relu [16 4 7 7]
}

// Any function of one value is a module.
func ExampleFunc() {
	swish := nn.Func(func(x *graph.Value) *graph.Value { return op.Mul(x, op.Sigmoid(x)) })
	linear := nn.NewLinear(random.New(1, "model"), 3, 2, nn.LinearOptions{})
	show(nn.Compose(swish, linear), 16, 3)
	// Output:
	// g linear [16 2]
	// sigmoid [16 2]
	// mul [16 2]
}

func ExampleActivation() {
	show(&nn.Sequential{nn.ReLU, nn.Sigmoid, nn.Tanh}, 16, 3)
	fmt.Println(nn.Activation("gelu").Check())
	// Output:
	// 0 relu [16 3]
	// 1 sigmoid [16 3]
	// 2 tanh [16 3]
	// activation: expected one of relu, sigmoid, tanh, got "gelu"
}

func ExampleAvgPool2d() {
	show(nn.AvgPool2d{Kernel: 2}, 16, 4, 7, 7)
	// Output: avg_pool2d [16 4 3 3]
}

func ExampleMaxPool2d() {
	show(nn.MaxPool2d{Kernel: 3, Stride: 2, Padding: 1}, 16, 4, 7, 7)
	// Output: max_pool2d [16 4 4 4]
}

func ExampleFlatten() {
	show(nn.Flatten{}, 16, 32, 2, 2)
	// Output: flatten [16 128]
}

func ExampleParameters() {
	r := random.New(1, "model")
	m := nn.Compose(nn.NewLinear(r, 8, 2, nn.LinearOptions{NoBias: true}), nn.NewLinear(r, 4, 8, nn.LinearOptions{}))
	params, err := nn.Parameters(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range params {
		fmt.Println(p.Name, p.Tensor.Shape)
	}
	// Output:
	// f.weight [2 8]
	// g.weight [8 4]
	// g.bias [8]
}
