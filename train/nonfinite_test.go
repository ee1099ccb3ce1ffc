package train_test

import (
	"context"
	"errors"
	"math"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
)

// A learning rate that throws the weights out of range ends the run at the step
// that finds it, and takes back nothing but that step.
func TestG01LearningRateTooLarge(t *testing.T) {
	model := network(1)
	trainer := newTrainer(t, model, digits(t, 128), train.Options{Seed: 1})
	epochs := 0
	for e, err := range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 1e30, Epochs: 2}) {
		epochs++
		found, ok := errors.AsType[*device.NonFiniteError](err)
		if !ok {
			t.Fatalf("expected an error that names a step, got %v", err)
		}
		if e.Epoch != 1 || found.Step != 1 || found.Value != "loss" {
			t.Errorf("expected the loss of step 1 of epoch 1, got %v of epoch %d", found, e.Epoch)
		}
	}
	if epochs != 1 {
		t.Errorf("expected the run to end in epoch 1, got %d epochs", epochs)
	}
	largest := 0.0
	for _, p := range trainer.Parameters() {
		for i, v := range p.Tensor.Data {
			if v-v != 0 {
				t.Fatalf("%s[%d]: expected the finite weights of the last good step, got %v", p.Name, i, v)
			}
			largest = max(largest, math.Abs(float64(v)))
		}
	}
	if largest < 1e20 {
		t.Errorf("expected the weights after the one good step, got none above %v", largest)
	}
}

// A gradient can be infinite where the loss is not; then it is the gradient
// that is named, and the step counts from the begin of the epoch.
func TestG02InfiniteGradient(t *testing.T) {
	set := *digits(t, 4)
	set.Std = 0.01 // inputs of up to 87
	model := nn.Compose(nn.NewLinear(random.New(1, "init"), 28*28, 10, nn.LinearOptions{}), nn.Flatten{})
	huge := func(logits, labels *graph.Value) *graph.Value {
		return op.Affine(op.CrossEntropyLosses(logits, labels), 1e38, 0)
	}
	trainer := newTrainer(t, model, &set, train.Options{Batch: 1, Loss: huge})
	for _, p := range trainer.Parameters() {
		clear(p.Tensor.Data) // the loss is ln(10) * 1e38
	}
	before := fingerprint(t, model)
	for _, err := range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 0.1, Epochs: 1}) {
		found, ok := errors.AsType[*device.NonFiniteError](err)
		if !ok {
			t.Fatalf("expected an error that names a step, got %v", err)
		}
		if found.Step != 0 || found.Value != "gradient of f.weight" || found.Index < 0 || !math.IsInf(found.Got, 0) {
			t.Errorf("expected an infinite gradient of f.weight in step 0, got %v", found)
		}
	}
	if after := fingerprint(t, model); after != before {
		t.Error("expected unchanged weights, got others")
	}
}
