package diagnose_test

import (
	"context"
	"fmt"

	"gradus/data/mnist"
	"gradus/diagnose"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// A deep network without shortcuts does not learn.
func Example() {
	set, err := mnist.Train()
	if err != nil {
		fmt.Println(err)
		return
	}
	set = set.Slice(0, 6000)
	o := zoo.DefaultOptions()
	o.Depth = 3
	model, err := zoo.New(random.New(1, "init"), o)
	if err != nil {
		fmt.Println(err)
		return
	}
	t, err := train.New(model, set, train.Options{Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	watch := diagnose.NewWatch(set, set, 16)
	for epoch, err := range t.Epochs(context.Background(), optim.Stage{LearningRate: 0.3, Epochs: 2}) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, w := range watch.Epoch(epoch, epoch.Epoch == epoch.Epochs) {
			fmt.Println(w.Kind)
		}
	}
	layers, err := diagnose.DeadUnits(model, set, diagnose.DeadOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	last := layers[len(layers)-1]
	fmt.Printf("layer %s: %d of %d units are dead\n", last.Path, last.Dead, last.Units)
	for _, w := range diagnose.Dead(layers) {
		fmt.Println(w.Hint)
	}
	// Output:
	// stuck
	// layer g.g.f.f.f.f: 32 of 32 units are dead
	// their weights get no gradient; try a smaller learning rate from the start, the activation tanh, or blocks with shortcuts
}
