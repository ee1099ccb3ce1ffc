package zoo_test

import (
	"fmt"

	"gradus/nn"
	"gradus/random"
	"gradus/zoo"
)

func ExamplePlain() {
	m := zoo.Plain(random.New(1, "model"), 1, 3, nn.ReLU)
	params, err := nn.Parameters(m)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range params {
		fmt.Println(p.Name, p.Tensor.Shape)
	}
	// Output:
	// f.weight [10 128]
	// f.bias [10]
	// g.g.f.g.weight [32 16 3 3]
	// g.g.f.g.bias [32]
	// g.g.g.f.g.weight [16 8 3 3]
	// g.g.g.f.g.bias [16]
	// g.g.g.g.f.g.weight [8 4 3 3]
	// g.g.g.g.f.g.bias [8]
	// g.g.g.g.g.g.weight [4 1 3 3]
	// g.g.g.g.g.g.bias [4]
}

func ExampleOptions() {
	o := zoo.DefaultOptions()
	o.Kernel = 4
	_, err := zoo.New(random.New(1, "model"), o)
	fmt.Println(err)
	// Output:
	// kernel: expected an odd size, got 4: with padding k/2 an even kernel changes the image size, so the flattened features are not the 128 the linear layer expects; use 3 or 5
}

func ExampleConvexBlock() {
	block := zoo.NewConvexBlock(random.New(1, "block"), 4, 8, 3, nn.ReLU, true, zoo.AlphaOptions{AlphaPerChannel: true})
	params, err := nn.Parameters(block)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, p := range params {
		fmt.Println(p.Name, p.Tensor.Shape)
	}
	// Output:
	// alpha [8]
	// conv.weight [8 4 3 3]
	// conv.bias [8]
	// residual_shape_adjust.f.weight [8 4 1 1]
	// residual_shape_adjust.f.bias [8]
}
