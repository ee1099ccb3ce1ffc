package optim_test

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
	"gradus/optim"
)

func ExampleAppend() {
	model := scale{graph.NewTensor(2)}
	p, err := graph.Trace(model, graph.Training, func(b *graph.Builder) {
		x := b.Input("x", graph.Whole, graph.Type{DType: graph.Float32, Shape: graph.Shape{2}})
		b.Output("loss", op.TotalSum(x.Through(model)), true)
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if p, err = graph.Differentiate(p, "loss"); err != nil {
		fmt.Println(err)
		return
	}
	if p, err = optim.Append(p, optim.SGD{Momentum: 0.9}); err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range p.States {
		fmt.Println("state", s.Name)
	}
	for _, in := range p.Inputs {
		fmt.Println("input", in.Name)
	}
	// Output:
	// state weight
	// state velocity/weight
	// input x
	// input momentum
	// input learning_rate
}

func ExampleSGD() {
	rule := optim.SGD{Momentum: 0.75}
	fmt.Println(rule.Settings(), rule.Check())
	fmt.Println(optim.SGD{Momentum: 1}.Check())
	// Output:
	// map[momentum:0.75] <nil>
	// momentum: expected 0 <= momentum < 1, got 1
}

func ExampleParseSchedule() {
	stages, err := optim.ParseSchedule(".07x2, .01x3")
	fmt.Println(stages, err)
	fmt.Println(optim.FormatSchedule(stages))
	_, err = optim.ParseSchedule("0.07*2")
	fmt.Println(err)
	// Output:
	// [{0.07 2} {0.01 3}] <nil>
	// 0.07x2,0.01x3
	// schedule: stage 1: expected LRxEPOCHS, got "0.07*2"; for instance 0.07x2,0.01x3
}

func ExampleStage() {
	fmt.Println(optim.Stage{LearningRate: -0.1, Epochs: 2}.Check())
	// Output: lr: expected 0 <= lr <= 3.4e38, got -0.1
}
