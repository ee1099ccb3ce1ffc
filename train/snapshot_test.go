package train_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"gradus/data/mnist"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

func ExampleTrainer_Resume() {
	digits, err := mnist.Train()
	if err != nil {
		fmt.Println(err)
		return
	}
	trainer := func() *train.Trainer {
		model := zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU)
		t, err := train.New(model, digits.Slice(0, 1000), train.Options{Rule: optim.SGD{Momentum: 0.5}})
		if err != nil {
			panic(err)
		}
		return t
	}
	stage := optim.Stage{LearningRate: 0.05, Epochs: 3}

	first := trainer()
	var kept *train.Snapshot
	for e, err := range first.Epochs(context.Background(), stage) {
		if err != nil {
			fmt.Println(err)
			return
		}
		if e.Epoch == 1 {
			kept = first.Snapshot()
		}
	}
	second := trainer()
	for e, err := range second.Resume(context.Background(), kept, stage) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println("epoch", e.Epoch)
	}
	fmt.Println("the same weights:", train.Fingerprint(first.Parameters()) == train.Fingerprint(second.Parameters()))
	// Output:
	// epoch 2
	// epoch 3
	// the same weights: true
}

// From every step of a training another trainer goes on to the same snapshot, to
// the last bit, and finds the same scores.
func TestD11Resume(t *testing.T) {
	set := digits(t, 70) // 5 steps an epoch, the last one partial
	o := train.Options{Seed: 3, Rule: optim.SGD{Momentum: 0.9}, Test: set}
	stages := []optim.Stage{{LearningRate: 0.05, Epochs: 2}, {LearningRate: 0.01, Epochs: 0}, {LearningRate: 0.02, Epochs: 1}}
	var kept []*train.Snapshot
	keep := func(s *train.Snapshot) error {
		kept = append(kept, s)
		return nil
	}
	trainer := newTrainer(t, network(1), set, o)
	keep(trainer.Snapshot())
	trainer.Checkpoints(1, keep)
	var epochs []train.Epoch
	for e, err := range trainer.Epochs(t.Context(), stages...) {
		if err != nil {
			t.Fatal(err)
		}
		epochs = append(epochs, e)
		keep(trainer.Snapshot())
	}
	end := trainer.Snapshot()
	if len(kept) != 1+3*5 {
		t.Fatalf("expected 16 snapshots, got %d", len(kept))
	}
	for i, s := range kept {
		if s.Steps != i || s.Epochs != i/5 || s.Samples != i%5*16 {
			t.Errorf("expected step %d, got %d, epoch %d, sample %d", i, s.Steps, s.Epochs, s.Samples)
		}
		o.Device = cpu.New(cpu.Options{Threads: 1 + i%3})
		again := newTrainer(t, network(2), set, o)
		n := s.Epochs
		for e, err := range again.Resume(t.Context(), s, stages...) {
			if err != nil {
				t.Fatal(err)
			}
			if want := epochs[n]; e.Stage != want.Stage || e.Epoch != want.Epoch || e.Train != want.Train || e.Test != want.Test {
				t.Errorf("from step %d: expected %+v, got %+v", i, want, e)
			}
			n++
		}
		if n != 3 {
			t.Errorf("from step %d: expected to end after 3 epochs, got %d", i, n)
		}
		if got := again.Snapshot(); !sameTensors(end, got) || got.Steps != end.Steps || got.Epochs != end.Epochs {
			t.Errorf("from step %d: expected the same end, got another", i)
		}
	}
}

func sameTensors(a, b *train.Snapshot) bool {
	for _, lists := range [][2][]graph.Parameter{{a.Weights, b.Weights}, {a.Memory, b.Memory}} {
		if len(lists[0]) != len(lists[1]) {
			return false
		}
		for i, p := range lists[0] {
			for k, v := range p.Tensor.Data {
				if math.Float32bits(v) != math.Float32bits(lists[1][i].Tensor.Data[k]) {
					return false
				}
			}
		}
	}
	return true
}

// A snapshot is a copy, and where the training is cut for it changes nothing.
func TestSnapshotIsACopy(t *testing.T) {
	set := digits(t, 64)
	model := network(1)
	trainer := newTrainer(t, model, set, train.Options{})
	s := trainer.Snapshot()
	before := s.Weights[0].Tensor.Data[0]
	run(t, trainer, optim.Stage{LearningRate: 0.1, Epochs: 1})
	if s.Weights[0].Tensor.Data[0] != before || s.Steps != 0 {
		t.Error("expected the snapshot to stay what it was, got another")
	}
	enough := errors.New("enough")
	trainer.Checkpoints(2, func(*train.Snapshot) error { return enough })
	for _, err := range trainer.Epochs(t.Context(), optim.Stage{LearningRate: 0.1, Epochs: 1}) {
		if err != enough {
			t.Errorf("expected the error of the checkpoint, got %v", err)
		}
	}
	if got := trainer.Snapshot(); got.Samples != 32 || got.Steps != 6 {
		t.Errorf("expected sample 32 of step 6, got %d and %d", got.Samples, got.Steps)
	}
}

func TestResumeRefuses(t *testing.T) {
	set := digits(t, 64)
	stage := optim.Stage{LearningRate: 0.1, Epochs: 1}
	for name, test := range map[string]struct {
		change func(*train.Snapshot)
		want   string
	}{
		"too far":    {func(s *train.Snapshot) { s.Epochs = 2 }, "snapshot: expected a place within 1 epochs, got epoch 2, sample 0"},
		"behind":     {func(s *train.Snapshot) { s.Epochs, s.Samples = 1, 16 }, "snapshot: expected a place within 1 epochs, got epoch 1, sample 16"},
		"other data": {func(s *train.Snapshot) { s.Samples = 65 }, "snapshot: expected a place within 64 samples, got step 0, epoch 0, sample 65"},
		"missing":    {func(s *train.Snapshot) { s.Weights = s.Weights[1:] }, "snapshot: expected a tensor f.weight, got none"},
		"other rule": {func(s *train.Snapshot) { s.Memory[0].Name = "m/f.weight" }, "snapshot: expected a tensor velocity/f.weight, got none"},
		"more": {func(s *train.Snapshot) {
			s.Memory = append(s.Memory, graph.Parameter{Name: "x", Tensor: graph.NewTensor(1)})
		}, "snapshot: expected no tensor x, got one; go on with the network and the rule that made it"},
		"other network": {func(s *train.Snapshot) { s.Weights[0].Tensor = graph.NewTensor(2) }, "snapshot: f.weight: expected shape [10 128], got [2]"},
	} {
		model := network(1)
		trainer := newTrainer(t, model, set, train.Options{Rule: optim.SGD{Momentum: 0.5}})
		s := trainer.Snapshot()
		test.change(s)
		before := fingerprint(t, model)
		for _, err := range trainer.Resume(t.Context(), s, stage) {
			if err == nil || err.Error() != test.want {
				t.Errorf("%s: expected %s, got %v", name, test.want, err)
			}
		}
		if fingerprint(t, model) != before {
			t.Errorf("%s: expected unchanged weights, got others", name)
		}
	}
}

// Without momentum a velocity is worth nothing, and after a training without it begins
// with zeros: in the middle of an epoch, too.
func TestResumeWithAndWithoutMomentum(t *testing.T) {
	set := digits(t, 70)
	stage := optim.Stage{LearningRate: 0.05, Epochs: 1}
	enough := errors.New("enough")
	half := func(momentum float64) (kept *train.Snapshot) {
		trainer := newTrainer(t, network(1), set, train.Options{Rule: optim.SGD{Momentum: momentum}})
		trainer.Checkpoints(2, func(s *train.Snapshot) error {
			kept = s
			return enough
		})
		for _, err := range trainer.Epochs(t.Context(), stage) {
			if err != enough {
				t.Fatal(err)
			}
		}
		return kept
	}
	rest := func(momentum float64, s *train.Snapshot) string {
		model := network(1)
		trainer := newTrainer(t, model, set, train.Options{Rule: optim.SGD{Momentum: momentum}})
		for _, err := range trainer.Resume(t.Context(), s, stage) {
			if err != nil {
				t.Fatal(err)
			}
		}
		return fingerprint(t, model)
	}
	with, without := half(0.9), half(0)
	zeros := half(0.9)
	for _, p := range zeros.Memory {
		clear(p.Tensor.Data)
	}
	zeros.Weights = without.Weights
	if rest(0.9, without) != rest(0.9, zeros) {
		t.Error("expected a training without momentum to leave a velocity of zeros, got another")
	}
	if rest(0.9, with) == rest(0.9, zeros) {
		t.Error("expected a velocity to count, got the same without")
	}
	bare := *with
	bare.Memory = nil
	if rest(0, with) != rest(0, &bare) {
		t.Error("expected a velocity to count for nothing without momentum, got other weights")
	}
}

// F6: ten samples in batches of 4, 4 and 2: the loss of a step is the mean over
// its real samples, the loss of the epoch weighs samples and not steps.
func TestF06PartialBatchByHand(t *testing.T) {
	set := digits(t, 10)
	model := nn.Compose(nn.NewLinear(random.New(1, "init"), 28*28, 10, nn.LinearOptions{}), nn.Flatten{})
	parameters, err := nn.Parameters(model)
	if err != nil {
		t.Fatal(err)
	}
	clear(parameters[0].Tensor.Data)
	// Without weights logits are the bias: the loss of a label l is the logarithm of
	// the sum of exp(b) minus b[l].
	sum := 0.0
	for i := range 10 {
		parameters[1].Tensor.Data[i] = float32(i) / 4
		sum += math.Exp(float64(i) / 4)
	}
	want := 0.0
	for _, l := range set.Labels {
		want += (math.Log(sum) - float64(l)/4) / 10
	}
	epochs := run(t, newTrainer(t, model, set, train.Options{Batch: 4}), optim.Stage{LearningRate: 0, Epochs: 1})
	if got := epochs[0].Train.Loss; math.Abs(got-want) > 1e-6 {
		t.Errorf("expected a loss of %v, got %v", want, got)
	}
}

// G10: numbers below the smallest normal one are computed with, not flushed. Where
// a training meets them, as the velocity of a layer that has died and decays, they
// do not make it ten times slower. (A network of nothing but such numbers would be.)
func TestG10Denormals(t *testing.T) {
	set := digits(t, 2000)
	stage := optim.Stage{LearningRate: 0.01, Epochs: 2}
	epoch := func(velocity float32) time.Duration {
		trainer := newTrainer(t, network(1), set, train.Options{Rule: optim.SGD{Momentum: 0.999}, Device: cpu.New(cpu.Options{Threads: 1})})
		s := trainer.Snapshot()
		for i, p := range s.Weights {
			if strings.HasSuffix(p.Name, ".bias") && p.Name != "f.bias" {
				for k := range p.Tensor.Data {
					p.Tensor.Data[k] = -1000 // dead: no gradient
				}
			}
			for k := range s.Memory[i].Tensor.Data {
				s.Memory[i].Tensor.Data[k] = velocity
			}
		}
		s.Samples, s.Steps = 16, 1 // within the stage, so that the velocity stays
		least := time.Hour
		for range 5 {
			begin := time.Now()
			for _, err := range trainer.Resume(t.Context(), s, stage) {
				if err != nil {
					t.Fatal(err)
				}
			}
			least = min(least, time.Since(begin))
		}
		if got := trainer.Snapshot().Memory[2].Tensor.Data[0]; velocity != 0 && (got <= 0 || got >= 0x1p-126) {
			t.Errorf("expected a velocity that is denormal still, got %v", got)
		}
		return least
	}
	normal, denormal := epoch(0), epoch(1e-39)
	t.Logf("%v with a velocity of 0, %v with a denormal one", normal, denormal)
	if denormal > 10*normal {
		t.Errorf("expected at most ten times the time, got %v in place of %v", denormal, normal)
	}
}
