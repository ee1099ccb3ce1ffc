package train

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"gradus/data"
	"gradus/device"
	"gradus/graph"
	"gradus/nn"
	"gradus/optim"
)

// RangeOptions are the options of RangeTest. The zero value goes from 1e-4 to 10
// in 1000 steps of the trainer's defaults.
type RangeOptions struct {
	Low, High float64       // learning rates; 0 means 1e-4 and 10
	Steps     int           // from Low to High; 0 means 1000
	Batch     int           // samples per step; 0 means 16
	Rule      optim.Rule    // nil means optim.SGD without momentum
	Loss      Loss          // nil means op.CrossEntropyLosses
	Seed      uint64        // of the order of the samples
	Device    device.Device // nil means the CPU with all its cores
	// Progress, if set, is told how many steps are done.
	Progress func(done, of int)
}

// minRangeSteps are enough to compute a slope, and too few to see one.
const minRangeSteps = 10

// Check finds the first option that cannot work.
func (o RangeOptions) Check() error {
	o = o.complete()
	for _, rate := range []float64{o.Low, o.High} {
		if err := (optim.Stage{LearningRate: rate}).Check(); err != nil {
			return err
		}
	}
	switch {
	case !(o.Low < o.High):
		return fmt.Errorf("lr: expected a range from low to high, got %v to %v", o.Low, o.High)
	case o.Steps < minRangeSteps || o.Steps > maxRangeSteps:
		return fmt.Errorf("steps: expected %d to %d, got %d", minRangeSteps, maxRangeSteps, o.Steps)
	case o.Batch < 1:
		return fmt.Errorf("batch: expected at least 1, got %d", o.Batch)
	}
	return o.Rule.Check()
}

const maxRangeSteps = 1_000_000

func (o RangeOptions) complete() RangeOptions {
	if o.Low == 0 {
		o.Low = 1e-4
	}
	if o.High == 0 {
		o.High = 10
	}
	if o.Steps == 0 {
		o.Steps = 1000
	}
	if o.Batch == 0 {
		o.Batch = defaultBatch
	}
	defaults(&o.Rule, &o.Loss, &o.Device)
	return o
}

// rate is the learning rate of a step.
func (o RangeOptions) rate(step int) float64 {
	return o.Low * math.Pow(o.High/o.Low, float64(step)/float64(o.Steps-1))
}

// RangeTest is the learning-rate range test: a short training whose learning
// rate grows by the same factor at each step, from one too small to learn to one
// too large to (L. N. Smith, Cyclical Learning Rates for Training Neural
// Networks, 2017, arXiv 1506.01186; the exponential growth is fastai's).
//
// The test ends early when the loss is no longer finite, or twice what it was at
// the start. Batches are whole ones: what is left of an epoch is not used. The
// model has the weights afterwards that it had before, also where an error or
// the context, whose cause is the error then, ends the test.
func RangeTest(ctx context.Context, model nn.Module, set *data.Set, o RangeOptions) (*Range, error) {
	o = o.complete()
	if err := o.Check(); err != nil {
		return nil, err
	}
	if err := set.Validate(); err != nil {
		return nil, err
	}
	o.Batch = min(o.Batch, set.Len())
	weights, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	defer keep(weights)()
	program, err := TrainingProgram(model, InputOf(set), o.Batch, o.Loss, o.Rule)
	if err != nil {
		return nil, err
	}
	exec, err := o.Device.Compile(device.NewState(weights), map[string]*graph.Program{training: program})
	if err != nil {
		return nil, err
	}
	r := &Range{}
	err = r.train(ctx, exec, set, o)
	if e := exec.Close(); err == nil {
		err = e
	}
	if err != nil {
		return nil, err
	}
	if len(r.Points) < minRangeSteps {
		return nil, fmt.Errorf("lr: expected %d steps before the loss explodes, got %d; begin with a smaller one than %v",
			minRangeSteps, len(r.Points), o.Low)
	}
	r.smooth()
	r.judge()
	return r, nil
}

// keep returns a function that puts weights back as they are now.
func keep(weights []graph.Parameter) (restore func()) {
	saved := make([][]float32, len(weights))
	for i, p := range weights {
		saved[i] = slices.Clone(p.Tensor.Data)
	}
	return func() {
		for i, p := range weights {
			copy(p.Tensor.Data, saved[i])
		}
	}
}

// train makes the points.
func (r *Range) train(ctx context.Context, exec device.Exec, set *data.Set, o RangeOptions) error {
	settings := device.Settings{}
	maps.Copy(settings, o.Rule.Settings())
	columns, order := samples(set), make([]int32, set.Len())
	at, epoch := len(order), 0
	for i := range o.Steps {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if o.Progress != nil {
			o.Progress(i, o.Steps)
		}
		if at+o.Batch > len(order) {
			data.Order(order, o.Seed, epoch)
			at, epoch = 0, epoch+1
		}
		rate := o.rate(i)
		settings[optim.LearningRate] = float32(rate)
		var total device.Report
		err := exec.Steps(training, columns, order[at:at+o.Batch], settings, &total)
		if nf := (*device.NonFiniteError)(nil); errors.As(err, &nf) {
			r.exploded = true
			return nil
		}
		if err != nil {
			return err
		}
		at += o.Batch
		r.Points = append(r.Points, RangePoint{LearningRate: rate, Loss: score(total, o.Batch).Loss})
		if r.recent() > 2*r.begin() {
			r.exploded = true
			return nil
		}
	}
	return nil
}
