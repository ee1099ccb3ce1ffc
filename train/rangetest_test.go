package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"gradus/data/mnist"
	"gradus/device/cpu"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

func ExampleRangeTest() {
	set, err := mnist.Train()
	if err != nil {
		fmt.Println(err)
		return
	}
	model, err := zoo.New(random.New(1, "init"), zoo.DefaultOptions())
	if err != nil {
		fmt.Println(err)
		return
	}
	found, err := train.RangeTest(context.Background(), model, set, train.RangeOptions{Batch: 64, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	rate, err := found.Suggestion()
	fmt.Printf("between 0.05 and 0.15: %v, %v\n", rate > 0.05 && rate < 0.15, err)
	// Output: between 0.05 and 0.15: true, <nil>
}

// The test leaves the weights as they were, whatever ends it, and finds the
// same with any number of threads.
func TestRangeTestLeavesTheModel(t *testing.T) {
	model, set := network(1), digits(t, 1000)
	before := fingerprint(t, model)
	o := train.RangeOptions{Steps: 100, Batch: 64, Rule: optim.SGD{Momentum: 0.5}}
	var first *train.Range
	for _, threads := range []int{1, 3} {
		o.Device = cpu.New(cpu.Options{Threads: threads})
		done := 0
		o.Progress = func(at, of int) {
			if at != done || of != 100 {
				t.Errorf("expected step %d of 100, got %d of %d", done, at, of)
			}
			done++
		}
		found, err := train.RangeTest(t.Context(), model, set, o)
		if err != nil {
			t.Fatal(err)
		}
		if first == nil {
			first = found
		}
		if d := cmp.Diff(first, found, cmpopts.IgnoreUnexported(train.Range{})); d != "" {
			t.Errorf("%d threads:\n%s", threads, d)
		}
		if after := fingerprint(t, model); after != before {
			t.Error("expected the weights as they were")
		}
	}
	if p := first.Points; p[0].LearningRate != 1e-4 || len(p) == 100 && math.Abs(p[99].LearningRate-10) > 1e-9 {
		t.Errorf("expected rates from 1e-4 to 10, got %v to %v", p[0].LearningRate, p[len(p)-1].LearningRate)
	}
	for i := 1; i < len(first.Points); i++ {
		if f := first.Points[i].LearningRate / first.Points[i-1].LearningRate; math.Abs(f-math.Pow(1e5, 1.0/99)) > 1e-9 {
			t.Fatalf("expected equal factors, got %v at step %d", f, i)
		}
	}

	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	o.Progress = func(at, _ int) {
		if at == 50 {
			cancel(enough)
		}
	}
	if _, err := train.RangeTest(ctx, model, set, o); err != enough {
		t.Errorf("expected the context's cause, got %v", err)
	}
	if after := fingerprint(t, model); after != before {
		t.Error("expected the weights as they were after an interruption")
	}
}

// A batch larger than the set is the whole set; what is left of an epoch is
// not used.
func TestRangeTestBatches(t *testing.T) {
	for _, batch := range []int{7, 100, 1000} {
		found, err := train.RangeTest(t.Context(), network(1), digits(t, 100), train.RangeOptions{Steps: 40, Batch: batch, High: 0.01})
		if err != nil || len(found.Points) != 40 {
			t.Errorf("batch %d: expected 40 steps, got %v", batch, err)
		}
	}
}

// Where the loss explodes, the test ends there.
func TestRangeTestExplodes(t *testing.T) {
	found, err := train.RangeTest(t.Context(), network(1), digits(t, 1000), train.RangeOptions{Low: 0.01, High: 1e30, Steps: 300})
	if err != nil {
		t.Fatal(err)
	}
	if n := len(found.Points); n == 300 || found.Diverged == nil || found.Diverged.LearningRate > found.Points[n-1].LearningRate {
		t.Errorf("expected an end before the last step, got %d steps, diverged %v", n, found.Diverged)
	}
	_, err = train.RangeTest(t.Context(), network(1), digits(t, 1000), train.RangeOptions{Low: 1e20, High: 1e30})
	if err == nil || !strings.HasPrefix(err.Error(), "lr: expected 10 steps before the loss explodes, got ") {
		t.Errorf("expected a range that begins too high to be refused, got %v", err)
	}
}

func TestRangeTestRefuses(t *testing.T) {
	for want, o := range map[string]train.RangeOptions{
		"lr: expected a range from low to high, got 10 to 10": {Low: 10},
		"lr: expected 0 <= lr <= 3.4e38, got -1":              {Low: -1},
		"lr: expected 0 <= lr <= 3.4e38, got NaN":             {High: math.NaN()},
		"steps: expected 10 to 1000000, got 9":                {Steps: 9},
		"steps: expected 10 to 1000000, got 2000000":          {Steps: 2_000_000},
		"batch: expected at least 1, got -1":                  {Batch: -1},
		"momentum: expected 0 <= momentum < 1, got 1":         {Rule: optim.SGD{Momentum: 1}},
	} {
		if _, err := train.RangeTest(t.Context(), network(1), digits(t, 10), o); err == nil || err.Error() != want {
			t.Errorf("expected the error %q, got %v", want, err)
		}
	}
	empty := digits(t, 0)
	if _, err := train.RangeTest(t.Context(), network(1), empty, train.RangeOptions{}); err == nil {
		t.Error("expected a set without samples to be refused")
	}
}
