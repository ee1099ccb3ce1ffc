package train_test

import (
	"context"
	"testing"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// digits are the first n training images of MNIST.
func digits(t testing.TB, n int) *data.Set {
	t.Helper()
	set, err := mnist.Train()
	if err != nil {
		t.Fatal(err)
	}
	return set.Slice(0, n)
}

// network is the one of the first experiment.
func network(seed uint64) nn.Module {
	return zoo.Plain(random.New(seed, "init"), 1, 3, nn.ReLU)
}

func newTrainer(t testing.TB, model nn.Module, set *data.Set, o train.Options) *train.Trainer {
	t.Helper()
	trainer, err := train.New(model, set, o)
	if err != nil {
		t.Fatal(err)
	}
	return trainer
}

// run trains through the stages and returns what each epoch found.
func run(t testing.TB, trainer *train.Trainer, stages ...optim.Stage) []train.Epoch {
	t.Helper()
	var epochs []train.Epoch
	for e, err := range trainer.Epochs(context.Background(), stages...) {
		if err != nil {
			t.Fatal(err)
		}
		epochs = append(epochs, e)
	}
	return epochs
}

// fingerprint is that of a model's parameters.
func fingerprint(t testing.TB, model nn.Module) string {
	t.Helper()
	parameters, err := nn.Parameters(model)
	if err != nil {
		t.Fatal(err)
	}
	return train.Fingerprint(parameters)
}
