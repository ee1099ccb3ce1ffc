package train

import (
	"context"
	"errors"
	"fmt"

	"gradus/data"
	"gradus/device"
	"gradus/graph"
	"gradus/nn"
	"gradus/optim"
)

// Options are the options of New; the zero value is the notebook's: batches of
// 16, plain SGD, cross entropy, on the CPU.
type Options struct {
	Batch int        // samples per step; 0 means 16
	Rule  optim.Rule // nil means optim.SGD without momentum
	Loss  Loss       // nil means op.CrossEntropyLosses
	Seed  uint64     // of the order of the samples
	// Test is evaluated after every epoch; nil evaluates nothing.
	Test *data.Set
	// Device executes the programs; nil means the CPU with all its cores.
	Device device.Device
	// Progress, if set, is called between steps, a few dozen times an epoch.
	Progress func(Progress)
}

// Progress is how far an epoch has come.
type Progress struct {
	Stage, Epoch  int // from 1
	Samples, Of   int // of this epoch
	Evaluating    bool
	StageOf       int // number of stages
	EpochsOfStage int
}

// Trainer trains one model on one data set. It is not safe for concurrent use.
type Trainer struct {
	model   nn.Module
	set     *data.Set
	options Options
	state   *device.State
	weights []graph.Parameter
	train   *graph.Program
	test    *graph.Program
	every   int // steps between checkpoints; 0 for none
	keep    func(*Snapshot) error
	place   Snapshot // where it is, without tensors; Epochs is the order's key
}

// evaluationBatch is the batch size of evaluation. It changes no result: a
// sample's loss depends on the sample alone, and losses are added in order.
const evaluationBatch = 128

// New traces and checks everything a training needs; nothing runs yet.
func New(model nn.Module, set *data.Set, o Options) (*Trainer, error) {
	if o.Batch == 0 {
		o.Batch = defaultBatch
	}
	defaults(&o.Rule, &o.Loss, &o.Device)
	if o.Batch < 1 {
		return nil, fmt.Errorf("batch: expected at least 1, got %d", o.Batch)
	}
	if set == nil {
		return nil, errors.New("data: expected a set to train on, got nil")
	}
	if err := set.Validate(); err != nil {
		return nil, err
	}
	t := &Trainer{model: model, set: set, options: o}
	var err error
	if t.weights, err = nn.Parameters(model); err != nil {
		return nil, err
	}
	t.state = device.NewState(t.weights)
	in := InputOf(set)
	if t.train, err = TrainingProgram(model, in, o.Batch, o.Loss, o.Rule); err != nil {
		return nil, err
	}
	if err := t.state.Ensure(t.train); err != nil {
		return nil, err
	}
	if t.test, err = EvaluationProgram(model, in, evaluationBatch, o.Loss); err != nil {
		return nil, err
	}
	if err := t.checkClasses(set); err != nil {
		return nil, err
	}
	if o.Test != nil {
		if err := t.checkSet(o.Test); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// checkSet refuses sets the model was not built for.
func (t *Trainer) checkSet(set *data.Set) error {
	if err := set.Validate(); err != nil {
		return err
	}
	if set.Shape != t.set.Shape {
		return fmt.Errorf("%s: expected images of %v like %s, got %v", set.Name, t.set.Shape, t.set.Name, set.Shape)
	}
	return t.checkClasses(set)
}

func (t *Trainer) checkClasses(set *data.Set) error {
	p, err := ApplyProgram(t.model, InputOf(t.set), 1)
	if err != nil {
		return err
	}
	logits, _ := p.Output(logitsOutput)
	if n := p.Values[logits.Value].Shape[1]; n < set.Classes {
		return fmt.Errorf("%s: expected at most %d classes, as many as the model has logits, got %d", set.Name, n, set.Classes)
	}
	return nil
}

// Parameters are the model's parameters in PyTorch's order.
func (t *Trainer) Parameters() []graph.Parameter { return t.weights }

// Score is what an evaluation found.
type Score struct {
	Loss  float64 // mean over the samples
	Error float64 // share of wrong answers, 0 to 1
}

// Evaluate applies the model as it is now to a whole set. It ends early with the
// context's cause when the context is done.
func (t *Trainer) Evaluate(ctx context.Context, set *data.Set) (Score, error) {
	if err := t.checkSet(set); err != nil {
		return Score{}, err
	}
	exec, err := t.options.Device.Compile(t.state, map[string]*graph.Program{evaluate: t.test})
	if err != nil {
		return Score{}, err
	}
	defer exec.Close()
	return evaluateOn(ctx, exec, set)
}

// samples are a data set's columns under the programs' input names.
func samples(set *data.Set) device.Samples {
	return device.Samples{imagesInput: {Uint8: set.Images}, labelsInput: {Int32: set.Labels}}
}
