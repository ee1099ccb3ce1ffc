//go:build slow

package train_test

import (
	"fmt"
	"testing"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// The first experiment with several seeds stays within what PyTorch finds for
// it: over ten seeds, 8.9 to 13.6% training error in the first epoch and 1.44 to
// 1.79% test error in the last one, here with a margin for other seeds.
func TestFirstExperiment(t *testing.T) {
	set, err := mnist.Train()
	if err != nil {
		t.Fatal(err)
	}
	test, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	for seed := uint64(1); seed <= 5; seed++ {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) { firstExperiment(t, set, test, seed) })
	}
}

func firstExperiment(t *testing.T, set, test *data.Set, seed uint64) {
	model := network(seed)
	epochs := run(t, newTrainer(t, model, set, train.Options{Seed: seed, Test: test}),
		optim.Stage{LearningRate: 0.07, Epochs: 2}, optim.Stage{LearningRate: 0.01, Epochs: 3})
	for _, e := range epochs {
		t.Logf("stage %d, epoch %d: train %.2f%%, test %.2f%%, %.1f s", e.Stage, e.Epoch, 100*e.Train.Error, 100*e.Test.Error, e.Seconds)
	}
	t.Log("weights", fingerprint(t, model))
	if first := epochs[0].Train.Error; first < 0.08 || first > 0.15 {
		t.Errorf("expected a training error of 8 to 15%% in the first epoch, got %.2f%%", 100*first)
	}
	if last := epochs[4].Test.Error; last < 0.013 || last > 0.019 {
		t.Errorf("expected a test error of 1.3 to 1.9%% in the last epoch, got %.2f%%", 100*last)
	}
}

// Networks of blocks with depth 3 do what they do in PyTorch: residual and gated
// ones train at a rate at which the plain one does not, convex ones where they
// begin as shortcuts rather than as halves. The bounds are PyTorch's, with a
// margin for other seeds.
func TestBlocks(t *testing.T) {
	set, err := mnist.Train()
	if err != nil {
		t.Fatal(err)
	}
	test, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	high := []optim.Stage{{LearningRate: 0.3, Epochs: 2}, {LearningRate: 0.07, Epochs: 3}}
	for _, c := range []struct {
		name        string
		net         zoo.Options
		momentum    float64
		stages      []optim.Stage
		least, most float64 // test error after the last epoch
	}{
		{"residual", zoo.Options{Net: "residual"}, 0, high, 0.013, 0.025},
		{"gated", zoo.Options{Net: "gated"}, 0, high, 0.009, 0.018},
		{"halves", zoo.Options{Net: "convex"}, 0, high, 0.88, 0.91},
		{"shortcuts", zoo.Options{Net: "convex", AlphaOptions: zoo.AlphaOptions{Alpha: -2}}, 0.9,
			[]optim.Stage{{LearningRate: 0.05, Epochs: 5}}, 0.013, 0.05},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.net.Depth, c.net.Kernel, c.net.Activation = 3, 3, nn.ReLU
			model, err := zoo.New(random.New(1, "init"), c.net)
			if err != nil {
				t.Fatal(err)
			}
			epochs := run(t, newTrainer(t, model, set, train.Options{
				Batch: 64, Rule: optim.SGD{Momentum: c.momentum}, Seed: 1, Test: test,
			}), c.stages...)
			if last := epochs[len(epochs)-1].Test.Error; last < c.least || last > c.most {
				t.Errorf("expected a test error of %.1f to %.1f%% in the last epoch, got %.2f%%", 100*c.least, 100*c.most, 100*last)
			}
		})
	}
}
