package train_test

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"gradus/device/cpu"
	"gradus/nn"
	"gradus/optim"
	"gradus/train"
)

func TestEpochsLearn(t *testing.T) {
	set := digits(t, 512)
	trainer := newTrainer(t, network(1), set, train.Options{Seed: 1, Test: set})
	epochs := run(t, trainer, optim.Stage{LearningRate: 0.07, Epochs: 12}, optim.Stage{LearningRate: 0.01, Epochs: 1})
	if len(epochs) != 13 {
		t.Fatalf("expected 13 epochs, got %d", len(epochs))
	}
	first, last := epochs[0], epochs[12]
	if first.Train.Error < 0.6 || first.Train.Loss < 1.8 {
		t.Errorf("expected a first epoch near chance, got %+v", first.Train)
	}
	if last.Train.Error > 0.15 || last.Test.Error > last.Train.Error {
		t.Errorf("expected the last epoch to know its images, and evaluation after it to be no worse, got %+v", last)
	}
	if first.Stage != 1 || first.Epoch != 1 || first.Epochs != 12 || first.LearningRate != 0.07 {
		t.Errorf("expected epoch 1 of 12 of stage 1 at 0.07, got %+v", first)
	}
	if last.Stage != 2 || last.Epoch != 1 || last.Epochs != 1 || last.LearningRate != 0.01 {
		t.Errorf("expected epoch 1 of 1 of stage 2 at 0.01, got %+v", last)
	}
	score, err := trainer.Evaluate(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	if score != last.Test {
		t.Errorf("expected the score of the last epoch, %+v, got %+v", last.Test, score)
	}
}

// The same run has the same weights and the same losses whatever the threads.
func TestG12ThreadsChangeNoBit(t *testing.T) {
	set := digits(t, 500) // the last batch is a partial one
	for _, batch := range []int{16, 64, 100} {
		var weights string
		var found []train.Score
		for threads := 1; threads <= 3; threads++ {
			model := network(3)
			trainer := newTrainer(t, model, set, train.Options{
				Batch: batch, Seed: 2, Rule: optim.SGD{Momentum: 0.75}, Test: set, Device: cpu.New(cpu.Options{Threads: threads}),
			})
			var scores []train.Score
			for _, e := range run(t, trainer, optim.Stage{LearningRate: 0.05, Epochs: 2}) {
				scores = append(scores, e.Train, e.Test)
			}
			if threads == 1 {
				weights, found = fingerprint(t, model), scores
				continue
			}
			if got := fingerprint(t, model); got != weights {
				t.Errorf("batch %d, %d threads: expected weights %s, got %s", batch, threads, weights, got)
			}
			for i, s := range scores {
				if s != found[i] {
					t.Errorf("batch %d, %d threads: expected score %+v, got %+v", batch, threads, found[i], s)
				}
			}
		}
	}
}

// Seeds make runs: the same one the same run, another one another.
func TestSeedDecides(t *testing.T) {
	set := digits(t, 128)
	weights := func(order uint64) string {
		model := network(1)
		run(t, newTrainer(t, model, set, train.Options{Seed: order}), optim.Stage{LearningRate: 0.05, Epochs: 1})
		return fingerprint(t, model)
	}
	if a, b := weights(1), weights(1); a != b {
		t.Errorf("expected the same weights twice, got %s and %s", a, b)
	}
	if a, b := weights(1), weights(2); a == b {
		t.Errorf("expected other weights with another order, got %s twice", a)
	}
}

// A stage forgets the velocity: two stages are two calls, and with momentum
// they are not one long stage.
func TestStageForgetsVelocity(t *testing.T) {
	set := digits(t, 128)
	o := train.Options{Seed: 1, Rule: optim.SGD{Momentum: 0.9}}
	stage := optim.Stage{LearningRate: 0.05, Epochs: 1}

	stages := network(1)
	run(t, newTrainer(t, stages, set, o), stage, stage)

	calls := network(1)
	trainer := newTrainer(t, calls, set, o)
	run(t, trainer, stage)
	run(t, trainer, stage)

	long := network(1)
	run(t, newTrainer(t, long, set, o), optim.Stage{LearningRate: 0.05, Epochs: 2})

	if a, b := fingerprint(t, stages), fingerprint(t, calls); a != b {
		t.Errorf("expected two stages to be two calls, got %s and %s", a, b)
	}
	if a, b := fingerprint(t, stages), fingerprint(t, long); a == b {
		t.Errorf("expected two stages to differ from one of two epochs, got %s twice", a)
	}
}

// Without momentum nothing but the number of epochs counts.
func TestStopAndGoOn(t *testing.T) {
	set := digits(t, 128)
	whole := network(1)
	run(t, newTrainer(t, whole, set, train.Options{Seed: 1}), optim.Stage{LearningRate: 0.05, Epochs: 3})

	parts := network(1)
	trainer := newTrainer(t, parts, set, train.Options{Seed: 1})
	for range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 0.05, Epochs: 3}) {
		break
	}
	run(t, trainer, optim.Stage{LearningRate: 0.05, Epochs: 2})
	if a, b := fingerprint(t, whole), fingerprint(t, parts); a != b {
		t.Errorf("expected the weights of the unbroken run, %s, got %s", a, b)
	}
}

// What is done to the weights between two epochs is done.
func TestWeightsChangedBetweenEpochs(t *testing.T) {
	model := network(1)
	trainer := newTrainer(t, model, digits(t, 64), train.Options{})
	for _, err := range trainer.Epochs(context.Background(), optim.Stage{Epochs: 2}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range trainer.Parameters() {
			for i := range p.Tensor.Data {
				p.Tensor.Data[i]++
			}
		}
	}
	want := network(1)
	parameters, err := nn.Parameters(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parameters {
		for i := range p.Tensor.Data {
			p.Tensor.Data[i]++
			p.Tensor.Data[i]++
		}
	}
	if a, b := fingerprint(t, want), fingerprint(t, model); a != b {
		t.Errorf("expected weights with 1 added twice, %s, got %s", a, b)
	}
}

func TestEpochsLeaveNoThreads(t *testing.T) {
	trainer := newTrainer(t, network(1), digits(t, 64), train.Options{Batch: 64, Device: cpu.New(cpu.Options{Threads: 4})})
	before := runtime.NumGoroutine()
	during := 0
	for _, err := range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 0.05, Epochs: 3}) {
		if err != nil {
			t.Fatal(err)
		}
		during = runtime.NumGoroutine()
		break
	}
	if during <= before {
		t.Errorf("expected more than %d goroutines while training, got %d", before, during)
	}
	// Threads are told to end, not waited for.
	after := 0
	for range 100 {
		if after = runtime.NumGoroutine(); after <= before {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("expected %d goroutines after the range, got %d", before, after)
}

// A context that is done ends the epoch with its cause, and the model holds the
// weights of the last step.
func TestCancel(t *testing.T) {
	stop := errors.New("enough")
	set := digits(t, 3000)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	model := network(1)
	initial := fingerprint(t, model)
	trained := 0
	trainer := newTrainer(t, model, set, train.Options{Progress: func(p train.Progress) {
		if p.Samples > 0 {
			trained = p.Samples
			cancel(stop)
		}
	}})
	epochs := 0
	for _, err := range trainer.Epochs(ctx, optim.Stage{LearningRate: 0.05, Epochs: 2}) {
		epochs++
		if !errors.Is(err, stop) {
			t.Errorf("expected the error %v, got %v", stop, err)
		}
	}
	if epochs != 1 || trained == 0 || trained >= set.Len() {
		t.Errorf("expected to stop within the first epoch, got %d epochs and %d samples", epochs, trained)
	}
	if fingerprint(t, model) == initial {
		t.Error("expected the weights of the last step, got the initial ones")
	}
}

func TestProgress(t *testing.T) {
	var got []train.Progress
	set := digits(t, 64)
	trainer := newTrainer(t, network(1), set, train.Options{Test: set, Progress: func(p train.Progress) { got = append(got, p) }})
	run(t, trainer, optim.Stage{LearningRate: 0.05, Epochs: 1}, optim.Stage{LearningRate: 0.05, Epochs: 2})
	want := []train.Progress{
		{Stage: 1, Epoch: 1, Samples: 0, Of: 64, StageOf: 2, EpochsOfStage: 1},
		{Stage: 1, Epoch: 1, Samples: 64, Of: 64, StageOf: 2, EpochsOfStage: 1, Evaluating: true},
		{Stage: 2, Epoch: 1, Samples: 0, Of: 64, StageOf: 2, EpochsOfStage: 2},
		{Stage: 2, Epoch: 1, Samples: 64, Of: 64, StageOf: 2, EpochsOfStage: 2, Evaluating: true},
		{Stage: 2, Epoch: 2, Samples: 0, Of: 64, StageOf: 2, EpochsOfStage: 2},
		{Stage: 2, Epoch: 2, Samples: 64, Of: 64, StageOf: 2, EpochsOfStage: 2, Evaluating: true},
	}
	if len(got) != len(want) {
		t.Fatalf("expected %d reports, got %d: %+v", len(want), len(got), got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("report %d: expected %+v, got %+v", i, want[i], got[i])
		}
	}
}

func TestEpochsRefuseStages(t *testing.T) {
	trainer := newTrainer(t, network(1), digits(t, 16), train.Options{})
	good := optim.Stage{LearningRate: 0.05, Epochs: 1}
	for _, test := range []struct {
		stage optim.Stage
		want  string
	}{
		{optim.Stage{LearningRate: -1, Epochs: 1}, "stage 2: lr: expected 0 <= lr <= 3.4e38, got -1"},
		{optim.Stage{LearningRate: 0.1, Epochs: -1}, "stage 2: epochs: expected at least 0, got -1"},
	} {
		for _, err := range trainer.Epochs(context.Background(), good, test.stage) {
			if err == nil || err.Error() != test.want {
				t.Errorf("%+v: expected the error %s before the first epoch, got %v", test.stage, test.want, err)
			}
		}
	}
}
