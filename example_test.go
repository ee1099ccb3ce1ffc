package gradus_test

import (
	"context"
	"fmt"
	"log"

	"gradus/data/mnist"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
)

func Example() {
	digits, err := mnist.Train()
	if err != nil {
		log.Fatal(err)
	}
	r := random.New(1, "init")
	model := &nn.Sequential{
		nn.NewConv2d(r, 1, 8, 5, nn.Conv2dOptions{Stride: 2}), nn.ReLU, // 28x28 to 12x12
		nn.MaxPool2d{Kernel: 2}, nn.Flatten{}, // 6x6
		nn.NewLinear(r, 8*6*6, 10, nn.LinearOptions{}),
	}
	trainer, err := train.New(model, digits.Slice(0, 2000), train.Options{
		Rule: optim.SGD{Momentum: 0.75},
		Test: digits.Slice(2000, 3000),
		Seed: 1,
	})
	if err != nil {
		log.Fatal(err)
	}
	for epoch, err := range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 0.02, Epochs: 3}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("epoch %d: test error %.0f%%\n", epoch.Epoch, 100*epoch.Test.Error)
	}
	// Output:
	// epoch 1: test error 12%
	// epoch 2: test error 7%
	// epoch 3: test error 6%
}
