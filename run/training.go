package run

import (
	"context"
	"iter"

	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/internal/memory"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// TrainOptions are what does not change the numbers of a training.
type TrainOptions struct {
	// Device executes the programs; nil means the CPU with Config.Threads.
	Device device.Device
	// Progress, if set, is called between steps, a few dozen times an epoch.
	Progress func(train.Progress)
	// Epoch, if set, is called by Config.Train after each epoch. The model holds
	// the weights of that moment. An error ends the training.
	Epoch func(t *Training, e train.Epoch) error
}

// Training is a network about to be trained as a Config says. It is not safe
// for concurrent use.
type Training struct {
	Config Config
	Sets   *Sets // the validation samples held out
	Stages []optim.Stage
	Model  nn.Module
	Device device.Device

	trainer  *train.Trainer
	recorder *Recorder // nil where nothing is kept
}

// bytesOfWeight is what a weight takes in training: it and its velocity, in the
// model's layout and in the device's, and its gradient.
const bytesOfWeight = 5 * 4

// NewTraining makes the network and checks that it fits the data; nothing runs
// yet. The sets are those of Config.Data, whole. They are read only, so any
// number of trainings can share them. The error begins with the name of the
// setting that cannot work.
func NewTraining(c Config, sets *Sets, o TrainOptions) (*Training, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	t := &Training{Config: c}
	var err error
	if t.Stages, err = c.Stages(); err != nil {
		return nil, err
	}
	if t.Sets, err = sets.HoldOut(c.Validation, c.Seed); err != nil {
		return nil, err
	}
	network := c.Network(sets.Train)
	if err := memory.Check("the weights of this network, their gradients and velocity", bytesOfWeight*network.Weights()); err != nil {
		return nil, err
	}
	if t.Model, err = zoo.New(random.New(c.Seed, "init"), network); err != nil {
		return nil, err
	}
	if t.Device = o.Device; t.Device == nil {
		t.Device = cpu.New(cpu.Options{Threads: c.Threads})
	}
	t.trainer, err = train.New(t.Model, t.Sets.Train, train.Options{
		Batch:    c.Batch,
		Rule:     optim.SGD{Momentum: c.Momentum},
		Seed:     c.Seed,
		Test:     t.Sets.Evaluated(),
		Device:   t.Device,
		Progress: o.Progress,
	})
	return t, err
}

// Keep has Run keep the training in the directory of a run, and begin where the
// recorder does.
func (t *Training) Keep(r *Recorder) {
	t.recorder = r
	t.trainer.Checkpoints(r.every.Steps, r.checkpoint)
}

// Epochs trains through all stages: train.Trainer's Epochs. What
// Keep was given has no part in it; Run is for that.
func (t *Training) Epochs(ctx context.Context) iter.Seq2[train.Epoch, error] {
	return t.trainer.Epochs(ctx, t.Stages...)
}

// Run trains what is left of all stages, and calls each, if set, behind every epoch, with
// the end of the training behind the last one. With a recorder an epoch is kept
// before each is called; what was interrupted is saved where it stands, and the
// error is then a *SavedError. See train.Trainer.Epochs for what can go wrong.
func (t *Training) Run(ctx context.Context, each func(train.Epoch, *End) error) error {
	if each == nil {
		each = func(train.Epoch, *End) error { return nil }
	}
	if t.recorder == nil {
		return t.follow(ctx, t.Epochs(ctx), each)
	}
	return t.recorder.run(ctx, t, each)
}

// follow goes through epochs.
func (t *Training) follow(ctx context.Context, epochs iter.Seq2[train.Epoch, error], each func(train.Epoch, *End) error) error {
	for e, err := range epochs {
		if err != nil {
			return Explain(e, err)
		}
		var end *End
		if t.isLast(e) {
			if t.recorder != nil {
				// The last record has the end in it: both or neither.
				ctx = context.WithoutCancel(ctx)
			}
			if end, err = t.Finish(ctx); err != nil {
				return err
			}
		}
		if err := each(e, end); err != nil {
			return err
		}
	}
	return nil
}

// isLast reports whether no epoch follows.
func (t *Training) isLast(e train.Epoch) bool {
	for _, s := range t.Stages[e.Stage:] {
		if s.Epochs > 0 {
			return false
		}
	}
	return e.Epoch == e.Epochs
}

// TotalEpochs is the number of epochs of all stages.
func (t *Training) TotalEpochs() int { return totalEpochs(t.Stages) }

func totalEpochs(stages []optim.Stage) int {
	n := 0
	for _, s := range stages {
		n += s.Epochs
	}
	return n
}

// StageAfter is the stage, from 0, of the epoch that follows so many; the last one
// where none follows.
func (t *Training) StageAfter(epochs int) int {
	for i, s := range t.Stages {
		if epochs < s.Epochs {
			return i
		}
		epochs -= s.Epochs
	}
	return max(0, len(t.Stages)-1)
}

// Parameters are the model's parameters in PyTorch's order.
func (t *Training) Parameters() []graph.Parameter { return t.trainer.Parameters() }

// Finish looks at the network after its last epoch: the test set, where epochs
// were measured on another, and the weights' fingerprint.
func (t *Training) Finish(ctx context.Context) (*End, error) {
	e := &End{Weights: train.Fingerprint(t.Parameters())}
	if t.Sets.Validation == nil {
		return e, nil
	}
	score, err := t.trainer.Evaluate(ctx, t.Sets.Test)
	if err != nil {
		return nil, err
	}
	e.Test = &score
	return e, nil
}

// Train trains a network from its first weights to its last epoch. Where that
// fails, the result has the epochs before, and no End. See NewTraining for the
// sets, and train.Trainer.Epochs for what can go wrong on the way.
func (c Config) Train(ctx context.Context, sets *Sets, o TrainOptions) (*Result, error) {
	r := &Result{Config: c.Effective()}
	t, err := NewTraining(c, sets, o)
	if err != nil {
		return r, err
	}
	r.Model = t.Model
	for e, err := range t.Epochs(ctx) {
		if err != nil {
			return r, Explain(e, err)
		}
		r.Epochs = append(r.Epochs, e)
		if o.Epoch != nil {
			if err := o.Epoch(t, e); err != nil {
				return r, err
			}
		}
	}
	r.End, err = t.Finish(ctx)
	return r, err
}
