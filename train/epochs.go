package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	"gradus/data"
	"gradus/device"
	"gradus/graph"
	"gradus/optim"
)

// Names under which the programs are compiled.
const (
	training = "train"
	evaluate = "evaluate"
)

// Epoch is the result of one epoch.
type Epoch struct {
	Stage        int // from 1
	Epoch        int // within the stage, from 1
	Epochs       int // of the stage
	LearningRate float64
	// Train is accumulated while training: every batch before its update.
	Train Score
	// Test is the score on Options.Test after the epoch.
	Test        Score
	Seconds     float64 // training only
	TestSeconds float64
}

// Epochs trains through the stages, one after the other on the same model, and
// yields after each epoch. A stage begins with fresh optimizer memory. When an
// epoch is yielded the model's tensors hold the current weights, and the next
// one begins with what they hold then; while it runs they are stale.
//
// The loop ends early with an error when the context is done (its cause), or
// when a loss or gradient is not finite (*device.NonFiniteError, counted in
// steps of the epoch); the weights are then those of the last good step.
// Breaking out of the range is fine at any epoch; a later call goes on from
// there. Threads run only while the range does.
func (t *Trainer) Epochs(ctx context.Context, stages ...optim.Stage) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		// What an earlier call began and did not finish begins anew.
		if t.place.Samples == t.set.Len() {
			t.place.Epochs++
		}
		t.place.Samples, t.place.Losses, t.place.Errors = 0, 0, 0
		t.run(ctx, stages, 0, yield)
	}
}

// run trains through the stages but for their first epochs, which are done. What
// is trained of the epoch after those is t.place.
func (t *Trainer) run(ctx context.Context, stages []optim.Stage, done int, yield func(Epoch, error) bool) {
	for i, s := range stages {
		if err := s.Check(); err != nil {
			yield(Epoch{}, fmt.Errorf("stage %d: %w", i+1, err))
			return
		}
	}
	programs := map[string]*graph.Program{training: t.train}
	if t.options.Test != nil {
		programs[evaluate] = t.test
	}
	exec, err := t.options.Device.Compile(t.state, programs)
	if err != nil {
		yield(Epoch{}, err)
		return
	}
	defer exec.Close()
	for i, stage := range stages {
		for n := range stage.Epochs {
			if done > 0 {
				done--
				continue
			}
			if n == 0 && t.place.Samples == 0 {
				t.forget()
			}
			e := Epoch{Stage: i + 1, Epoch: n + 1, Epochs: stage.Epochs, LearningRate: stage.LearningRate}
			err := t.epoch(ctx, exec, &e, len(stages))
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

// forget clears the optimizer's memory: every state that is not a parameter.
func (t *Trainer) forget() {
	for _, s := range t.state.Tensors() {
		if !t.isWeight(s.Name) {
			clear(s.Tensor.Data)
		}
	}
}

// epoch trains what is left of an epoch, then evaluates.
func (t *Trainer) epoch(ctx context.Context, exec device.Exec, e *Epoch, stages int) error {
	if err := exec.Load(); err != nil {
		return err
	}
	settings := device.Settings{optim.LearningRate: float32(e.LearningRate)}
	for name, v := range t.options.Rule.Settings() {
		settings[name] = v
	}
	order := make([]int32, t.set.Len())
	data.Order(order, t.options.Seed, t.place.Epochs)
	columns := samples(t.set)
	progress := Progress{Stage: e.Stage, Epoch: e.Epoch, Of: len(order), StageOf: stages, EpochsOfStage: e.Epochs}

	begin := time.Now()
	batch, pace := t.options.Batch, newPace(t.options.Batch)
	first, total := t.place.Samples, t.place.report()
	for lo := first; lo < len(order); lo = t.place.Samples {
		t.report(&progress, lo)
		if err := context.Cause(ctx); err != nil {
			return syncAfter(exec, err)
		}
		part := order[lo:min(lo+min(pace.samples, t.toCheckpoint()), len(order))]
		err := pace.time(func() error { return exec.Steps(training, columns, part, settings, &total) })
		if nf, ok := errors.AsType[*device.NonFiniteError](err); ok {
			nf.Step += lo / batch
			nf.Value = strings.Replace(nf.Value, graph.GradientName(""), "gradient of ", 1)
		}
		t.place.add(total, batch, len(order))
		total.Steps = 0
		if err != nil {
			return syncAfter(exec, err)
		}
		if err := t.checkpoint(exec); err != nil {
			return err
		}
	}
	e.Train = score(total, len(order))
	e.Seconds = time.Since(begin).Seconds()
	if err := exec.Sync(); err != nil {
		return err
	}

	if t.options.Test != nil {
		progress.Evaluating = true
		t.report(&progress, len(order))
		begin = time.Now()
		var err error
		if e.Test, err = evaluateOn(ctx, exec, t.options.Test); err != nil {
			return err
		}
		e.TestSeconds = time.Since(begin).Seconds()
	}
	t.place.Epochs++
	t.place.Samples, t.place.Losses, t.place.Errors = 0, 0, 0
	return nil
}

// toCheckpoint is the number of samples to the next checkpoint.
func (t *Trainer) toCheckpoint() int {
	if t.every == 0 {
		return t.set.Len()
	}
	return (t.every - t.place.Steps%t.every) * t.options.Batch
}

// checkpoint hands out a snapshot where it is time.
func (t *Trainer) checkpoint(exec device.Exec) error {
	if t.every == 0 || t.place.Steps%t.every != 0 || t.place.Samples == t.set.Len() {
		return nil
	}
	if err := exec.Sync(); err != nil {
		return err
	}
	return t.keep(t.Snapshot())
}

// syncAfter brings the weights back after an epoch that failed with err.
func syncAfter(exec device.Exec, err error) error {
	if e := exec.Sync(); e != nil {
		return fmt.Errorf("%w; then %w", err, e)
	}
	return err
}

func (t *Trainer) report(p *Progress, samples int) {
	if t.options.Progress != nil {
		p.Samples = samples
		t.options.Progress(*p)
	}
}

// evaluateOn applies the evaluation program to a whole set.
func evaluateOn(ctx context.Context, exec device.Exec, set *data.Set) (Score, error) {
	order := make([]int32, set.Len())
	for i := range order {
		order[i] = int32(i)
	}
	var total device.Report
	pace := newPace(evaluationBatch)
	for rest := order; len(rest) > 0; {
		if ctx.Err() != nil {
			return Score{}, context.Cause(ctx)
		}
		part := rest[:min(pace.samples, len(rest))]
		if err := pace.time(func() error { return exec.Steps(evaluate, samples(set), part, nil, &total) }); err != nil {
			return Score{}, err
		}
		rest = rest[len(part):]
	}
	return score(total, len(order)), nil
}

// score turns sums over samples into means.
func score(r device.Report, samples int) Score {
	n := float64(samples)
	return Score{Loss: r.Sums[lossesOutput] / n, Error: r.Sums[errorsOutput] / n}
}
