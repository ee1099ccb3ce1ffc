package run_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gradus/device"
	"gradus/run"
	"gradus/train"
)

// few are sets small enough to be trained on in no time.
func few(t testing.TB) *run.Sets {
	t.Helper()
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		t.Fatal(err)
	}
	return &run.Sets{Train: sets.Train.Slice(0, 600), Test: sets.Test.Slice(0, 200)}
}

func quick() run.Config {
	c := run.DefaultConfig()
	c.Schedule = new("0.1x1,0.01x1")
	return c
}

func ExampleConfig_Train() {
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		fmt.Println(err)
		return
	}
	sets.Train = sets.Train.Slice(0, 10000)
	c := run.DefaultConfig()
	c.Schedule = new("0.07x2")
	result, err := c.Train(context.Background(), sets, run.TrainOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, e := range result.Epochs {
		fmt.Printf("epoch %d of %d: test error %.0f%%\n", e.Epoch, e.Epochs, 100*e.Test.Error)
	}
	// Output:
	// epoch 1 of 2: test error 8%
	// epoch 2 of 2: test error 6%
}

// Trainings share the data: side by side they find what one alone finds.
func TestTrainingsShareSets(t *testing.T) {
	sets := few(t)
	c := quick()
	c.Validation, c.Threads = 100, 1
	alone, err := c.Train(t.Context(), sets, run.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if sets.Validation != nil || sets.Train.Len() != 600 {
		t.Errorf("expected the sets to stay as they were, got %d samples to train on", sets.Train.Len())
	}
	if len(alone.Epochs) != 2 || alone.End == nil || len(alone.End.Weights) != 64 || alone.End.Test == nil {
		t.Fatalf("expected two epochs, the weights and a test error, got %+v", alone)
	}
	ignore := cmp.Options{
		cmpopts.IgnoreFields(train.Epoch{}, "Seconds", "TestSeconds"), cmpopts.IgnoreFields(run.Result{}, "Model"),
	}
	var group sync.WaitGroup
	for range 3 {
		group.Go(func() {
			beside, err := c.Train(t.Context(), sets, run.TrainOptions{})
			if d := cmp.Diff(alone, beside, ignore); d != "" || err != nil {
				t.Errorf("%v\n%s", err, d)
			}
		})
	}
	group.Wait()
}

func TestResultJSON(t *testing.T) {
	c := quick()
	c.Validation = 100
	r, err := c.Train(t.Context(), few(t), run.TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Config run.Config
		Epochs []run.Record
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c.Effective(), got.Config); d != "" {
		t.Error(d)
	}
	if len(got.Epochs) != 2 {
		t.Fatalf("expected 2 epochs, got %s", text)
	}
	first, last := got.Epochs[0], got.Epochs[1]
	if first.TestError != nil || first.Weights != "" || *first.ValidationError != r.Epochs[0].Test.Error {
		t.Errorf("expected a validation error alone, got %+v", first)
	}
	if last.LearningRate != 0.01 || *last.TestError != r.End.Test.Error || last.Weights != r.End.Weights {
		t.Errorf("expected the end in the last epoch, got %+v", last)
	}
}

func TestTrainEndsEarly(t *testing.T) {
	sets := few(t)
	c := quick()
	c.Schedule = new("0.1x1,1e30x1")
	r, err := c.Train(t.Context(), sets, run.TrainOptions{})
	if nf := (*device.NonFiniteError)(nil); !errors.As(err, &nf) || !strings.HasPrefix(err.Error(), "stage 2, epoch 1: ") {
		t.Errorf("expected a number that is not finite in stage 2, got %v", err)
	}
	if len(r.Epochs) != 1 || r.End != nil {
		t.Errorf("expected the first epoch and no end, got %+v", r)
	}

	enough := errors.New("enough")
	seen := 0
	r, err = quick().Train(t.Context(), sets, run.TrainOptions{Epoch: func(training *run.Training, e train.Epoch) error {
		seen++
		if training.Model == nil || len(training.Parameters()) != 10 {
			t.Error("expected the network beside the epoch")
		}
		return enough
	}})
	if err != enough || seen != 1 || len(r.Epochs) != 1 {
		t.Errorf("expected to stop after the first epoch, got %v after %d", err, seen)
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(enough)
	if r, err = quick().Train(ctx, sets, run.TrainOptions{}); !errors.Is(err, enough) || len(r.Epochs) != 0 {
		t.Errorf("expected the context's cause, got %v", err)
	}
}

func TestNewTrainingRefuses(t *testing.T) {
	sets := few(t)
	for want, change := range map[string]func(*run.Config){
		"batch: expected 1 to 65536, got 0":                                            func(c *run.Config) { c.Batch = 0 },
		"validation: MNIST train: expected 1 to 599 held-out examples of 600, got 600": func(c *run.Config) { c.Validation = 600 },
		"kernel: expected at most 29 for images of 28x28, got 31":                      func(c *run.Config) { c.Kernel = 31 },
	} {
		c := quick()
		change(&c)
		if _, err := run.NewTraining(c, sets, run.TrainOptions{}); err == nil || err.Error() != want {
			t.Errorf("expected the error %q, got %v", want, err)
		}
	}
}
