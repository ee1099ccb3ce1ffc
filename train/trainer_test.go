package train_test

import (
	"context"
	"strings"
	"testing"

	"gradus/data"
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

func TestNewRefuses(t *testing.T) {
	digits := digits(t, 16)
	empty := digits.Slice(0, 0)
	colours := &data.Set{
		Name: "colours", Images: make([]byte, 3*32*32), Shape: [3]int{3, 32, 32},
		Labels: []int32{0}, Classes: 10, Mean: digits.Mean, Std: digits.Std,
	}
	letters := *digits
	letters.Name, letters.Classes = "letters", 26
	mislabelled := *digits
	mislabelled.Labels = append([]int32{10}, digits.Labels[1:]...)
	mean := func(logits, labels *graph.Value) *graph.Value {
		return op.TotalSum(op.CrossEntropyLosses(logits, labels))
	}
	convolution := nn.NewConv2d(random.New(1, "init"), 1, 4, 3, nn.Conv2dOptions{})
	for _, test := range []struct {
		name  string
		model nn.Module
		set   *data.Set
		o     train.Options
		want  string
	}{
		{"batch", network(1), digits, train.Options{Batch: -1}, "batch: expected at least 1, got -1"},
		{"no samples", network(1), empty, train.Options{}, "MNIST train: expected at least 1 example, got 0"},
		{"no test samples", network(1), digits, train.Options{Test: empty}, "MNIST train: expected at least 1 example, got 0"},
		{"labels out of range", network(1), &mislabelled, train.Options{}, "MNIST train: expected label 0 in 0..9, got 10"},
		{"test labels out of range", network(1), digits, train.Options{Test: &mislabelled}, "MNIST train: expected label 0 in 0..9, got 10"},
		{"images of another size", network(1), colours, train.Options{}, "expected images [N 1 28 28], got [16 3 32 32]"},
		{"test images of another size", network(1), digits, train.Options{Test: colours}, "colours: expected images of [1 28 28] like MNIST train, got [3 32 32]"},
		{"too few logits", network(1), &letters, train.Options{}, "letters: expected at most 10 classes, as many as the model has logits, got 26"},
		{"too few logits for the test", network(1), digits, train.Options{Test: &letters}, "letters: expected at most 10 classes, as many as the model has logits, got 26"},
		{"no logits", convolution, digits, train.Options{}, "expected a model that returns logits [N classes], got float32[16* 4 26 26]; end it with Flatten and Linear"},
		{"no parameters", nn.ReLU, digits, train.Options{}, "expected a model with parameters, got none in its exported fields"},
		{"momentum", network(1), digits, train.Options{Rule: optim.SGD{Momentum: 1}}, "momentum: expected 0 <= momentum < 1, got 1"},
		{"a loss for all", network(1), digits, train.Options{Loss: mean}, "expected a loss per sample, [16], got float32[]; return op.CrossEntropyLosses(logits, labels)"},
		{"even kernel", zoo.Plain(random.New(1, "init"), 1, 4, nn.ReLU), digits, train.Options{}, "expected an odd size, got 4"},
		{"no set", network(1), nil, train.Options{}, "data: expected a set to train on, got nil"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := train.New(test.model, test.set, test.o)
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("expected the error\n%s, got\n%v", test.want, err)
			}
		})
	}
}

func TestEvaluateRefuses(t *testing.T) {
	set := digits(t, 16)
	trainer := newTrainer(t, network(1), set, train.Options{})
	if _, err := trainer.Evaluate(context.Background(), set.Slice(3, 3)); err == nil || err.Error() != "MNIST train: expected at least 1 example, got 0" {
		t.Errorf("expected a refusal of the empty set, got %v", err)
	}
}

// Any number of samples is evaluated, in whatever batches.
func TestEvaluateAddsUp(t *testing.T) {
	set := digits(t, 300)
	trainer := newTrainer(t, network(1), set, train.Options{})
	whole, err := trainer.Evaluate(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0.0
	for i := range set.Len() {
		one, err := trainer.Evaluate(context.Background(), set.Slice(i, i+1))
		if err != nil {
			t.Fatal(err)
		}
		if one.Error != 0 && one.Error != 1 {
			t.Fatalf("sample %d: expected an error of 0 or 1, got %v", i, one.Error)
		}
		wrong += one.Error
	}
	if want := wrong / 300; whole.Error != want {
		t.Errorf("expected the error %v, got %v", want, whole.Error)
	}
}

// Zeros of options are their defaults.
func TestDefaults(t *testing.T) {
	set := digits(t, 64)
	a, b := network(1), network(1)
	stage := optim.Stage{LearningRate: 0.05, Epochs: 1}
	run(t, newTrainer(t, a, set, train.Options{}), stage)
	run(t, newTrainer(t, b, set, train.Options{Batch: 16, Rule: optim.SGD{}, Loss: op.CrossEntropyLosses}), stage)
	if a, b := fingerprint(t, a), fingerprint(t, b); a != b {
		t.Errorf("expected the documented defaults, got weights %s, not %s", a, b)
	}
}
