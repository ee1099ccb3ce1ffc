package train_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"gradus/data"
	"gradus/device"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/train"
)

func newStep(t testing.TB, model nn.Module, set *data.Set, rule optim.Rule) *train.Step {
	t.Helper()
	step, err := train.NewStep(model, train.InputOf(set), train.StepOptions{Rule: rule})
	if err != nil {
		t.Fatal(err)
	}
	return step
}

// A loop of one's own over the batches of a loader is the trainer's epoch, to
// the last bit, also where the last batch has another size.
func TestF06StepsAreAnEpoch(t *testing.T) {
	for _, test := range []struct{ samples, batch int }{
		{96, 16}, {100, 16}, {90, 64}, {50, 7}, {33, 33}, {20, 1},
	} {
		set := digits(t, test.samples)
		rule := optim.SGD{Momentum: 0.75}
		theirs := network(1)
		epochs := run(t, newTrainer(t, theirs, set, train.Options{Batch: test.batch, Rule: rule, Seed: 9}),
			optim.Stage{LearningRate: 0.05, Epochs: 2})

		own := network(1)
		loader, err := data.NewLoader(set, test.batch, 9)
		if err != nil {
			t.Fatal(err)
		}
		step := newStep(t, own, set, rule)
		for n, want := range epochs {
			loss, wrong := 0.0, 0
			for images, labels := range loader.Batches(n) {
				result, err := step.Run(images, labels, 0.05)
				if err != nil {
					t.Fatal(err)
				}
				loss += result.Loss * float64(len(labels))
				wrong += result.Errors
			}
			if got := float64(wrong) / float64(set.Len()); got != want.Train.Error {
				t.Errorf("%+v, epoch %d: expected the error %v, got %v", test, n, want.Train.Error, got)
			}
			// The trainer adds the losses of samples, here their means are added.
			if got := loss / float64(set.Len()); math.Abs(got-want.Train.Loss) > 1e-6*want.Train.Loss {
				t.Errorf("%+v, epoch %d: expected the loss %v, got %v", test, n, want.Train.Loss, got)
			}
		}
		if err := step.Close(); err != nil {
			t.Fatal(err)
		}
		if a, b := fingerprint(t, theirs), fingerprint(t, own); a != b {
			t.Errorf("%+v: expected the trainer's weights %s, got %s", test, a, b)
		}
	}
}

// The loss and the rule have the defaults of Options.
func TestStepDefaults(t *testing.T) {
	set := digits(t, 16)
	weights := func(loss train.Loss, rule optim.Rule) string {
		model := network(1)
		step, err := train.NewStep(model, train.InputOf(set), train.StepOptions{Loss: loss, Rule: rule})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := step.Run(set.Images, set.Labels, 0.1); err != nil {
			t.Fatal(err)
		}
		if err := step.Close(); err != nil {
			t.Fatal(err)
		}
		return fingerprint(t, model)
	}
	if want, got := weights(op.CrossEntropyLosses, optim.SGD{}), weights(nil, nil); got != want {
		t.Errorf("expected the weights %s, got %s", want, got)
	}
}

func TestStepRefuses(t *testing.T) {
	set := digits(t, 16)
	step := newStep(t, network(1), set, optim.SGD{})
	defer step.Close()
	for _, test := range []struct {
		name   string
		images []byte
		labels []int32
		rate   float64
		want   string
	}{
		{"no labels", nil, nil, 0.1, "labels: expected at least 1, got 0"},
		{"too few images", set.Images[:784], set.Labels[:2], 0.1, "input images: expected uint8[2* 1 28 28], got 784 elements of uint8"},
		{"no images", nil, set.Labels[:2], 0.1, "input images: expected uint8[2* 1 28 28], got 0 elements"},
		{"learning rate", set.Images, set.Labels, math.NaN(), "lr: expected 0 <= lr <= 3.4e38, got NaN"},
	} {
		if _, err := step.Run(test.images, test.labels, test.rate); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: expected the error %s, got %v", test.name, test.want, err)
		}
	}
	if _, err := train.NewStep(network(1), train.InputOf(set), train.StepOptions{Rule: optim.SGD{Momentum: -1}}); err == nil {
		t.Error("expected a refusal of momentum -1, got none")
	}
}

// A step with a loss that is not finite says so and changes nothing.
func TestStepUpdatesNothingByAccident(t *testing.T) {
	set := digits(t, 16)
	model := network(1)
	step := newStep(t, model, set, optim.SGD{})
	defer step.Close()
	if _, err := step.Run(set.Images, set.Labels, 1e30); err != nil {
		t.Fatal(err)
	}
	if err := step.Sync(); err != nil {
		t.Fatal(err)
	}
	before := fingerprint(t, model)
	_, err := step.Run(set.Images, set.Labels, 1e30)
	if _, ok := errors.AsType[*device.NonFiniteError](err); !ok {
		t.Fatalf("expected an error that names what is not finite, got %v", err)
	}
	if err := step.Sync(); err != nil {
		t.Fatal(err)
	}
	if after := fingerprint(t, model); after != before {
		t.Error("expected unchanged weights, got others")
	}
}

func TestL05ClosedStep(t *testing.T) {
	set := digits(t, 16)
	step := newStep(t, network(1), set, optim.SGD{})
	if err := step.Close(); err != nil {
		t.Fatal(err)
	}
	if err := step.Close(); err != nil {
		t.Errorf("expected a second Close to do nothing, got %v", err)
	}
	if _, err := step.Run(set.Images, set.Labels, 0.1); err == nil {
		t.Error("expected a refusal of a step after Close, got none")
	}
}
