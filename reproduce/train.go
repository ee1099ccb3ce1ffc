package reproduce

import (
	"context"
	"fmt"
	"io"
	"math"
	"slices"
	"time"

	"gradus/graph"
	"gradus/run"
	"gradus/summary"
	"gradus/sweep"
	"gradus/train"
)

// Options are the options of Plan.Run. They change no number of the results,
// times aside.
type Options struct {
	Version string
	Machine Machine
	Workers int       // trainings at a time; 0 means one per core
	Lines   io.Writer // for the lines of the notebook; nil for none
	// Progress, if set, is told what share of the work is done, 0 to 1.
	Progress func(done float64)
}

// Run trains what was planned and looks at what came out. A training that fails
// is recorded, and the others go on. The sets are MNIST's, for which the
// references hold. The error is one of writing lines, or the context's cause; the
// results are then of the trainings that had ended, nil where there are none.
func (p *Plan) Run(ctx context.Context, sets *run.Sets, o Options) (*Results, error) {
	begin := time.Now()
	grid, places := p.grid()
	trials, stopped := o.train(ctx, grid, sets, func(i int) string { return p.opening(places, i, grid.Points[i].Config) })
	partial, err := partOf(ctx, trials, stopped)
	if err != nil {
		return nil, err
	}
	r := &Results{Common: o.common(p.Seeds, sets)}
	r.Partial = partial
	if err := p.collect(r, trials, places, sets); err != nil {
		return nil, err
	}
	if err := r.inspect(context.WithoutCancel(ctx), sets); err != nil {
		return nil, err
	}
	r.Conclusions = r.conclude()
	r.Seconds = time.Since(begin).Seconds()
	return r, stopped
}

// common is what all results begin with.
func (o Options) common(seeds []uint64, sets *run.Sets) Common {
	return Common{Version: o.Version, Machine: o.Machine, Data: dataOf(sets), Seeds: seeds, Workers: o.Workers}
}

// partOf says which part of the trainings has ended when they were stopped, nil
// for all. The error is that of stopping where there is nothing to show.
func partOf(ctx context.Context, trials []sweep.Trial, stopped error) (*Partial, error) {
	if stopped == nil {
		return nil, nil
	}
	part := &Partial{Of: len(trials)}
	for i := range trials {
		if trials[i].State() != sweep.Unfinished {
			part.Ended++
		}
	}
	if part.Ended == 0 || ctx.Err() == nil { // without a signal it was the lines that could not be written
		return nil, stopped
	}
	return part, nil
}

func dataOf(sets *run.Sets) string { return sets.Train.Name + ", " + sets.Test.Name }

// train does all trainings of a grid and writes their lines, each training's
// after its opening.
func (o Options) train(ctx context.Context, grid *sweep.Grid, sets *run.Sets, opening func(i int) string) ([]sweep.Trial, error) {
	work, err := newWorkload(grid, sets)
	if err != nil {
		return nil, err
	}
	if o.Lines == nil {
		o.Lines = io.Discard
	}
	l := newLines(o.Lines, len(grid.Points))
	started := make([]bool, len(grid.Points))
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var order []int // one after the other they are shown as they come
	if o.Workers != 1 {
		order = work.longestFirst()
	}
	return grid.Run(ctx, sets, sweep.Options{Workers: o.Workers, Order: order, Models: true, Observe: func(e sweep.Event) {
		i := e.Point.Index
		if !started[i] {
			started[i] = true
			l.write(i, opening(i))
		}
		if e.Epoch != nil {
			l.write(i, epochLines(e.Point.Config, *e.Epoch))
		}
		if e.Finished != nil {
			if err := e.Finished.Err; err != nil {
				l.write(i, "failed: "+err.Error()+"\n")
			}
			l.end(i)
		}
		if l.err != nil {
			stop(l.err)
		}
		if done := work.done(i, e.Share); o.Progress != nil {
			o.Progress(done)
		}
	}})
}

// opening is written before a training's own lines.
func (p *Plan) opening(places []place, i int, c run.Config) string {
	at := places[i]
	text := ""
	if i > 0 {
		text = "\n"
	}
	if at.test == 0 && at.seed == 0 {
		text += p.Experiments[at.experiment].heading(c) + "\n"
	}
	if len(p.Seeds) > 1 {
		text += fmt.Sprintf("seed %d\n", c.Seed)
	}
	return text
}

// collect puts the trials in their places.
func (p *Plan) collect(r *Results, trials []sweep.Trial, places []place, sets *run.Sets) error {
	for _, e := range p.Experiments {
		r.Experiments = append(r.Experiments, Result{
			ID: e.ID, Title: e.Title, Question: e.Question, Rate: e.Rate, NotebookBest: e.NotebookBest,
			Adds: e.Adds, Before: e.Before, Deep: e.Deep, Cases: make([]CaseResult, len(e.Cases)),
		})
	}
	for i := range trials {
		t, at := &trials[i], places[i]
		if t.State() == sweep.Unfinished {
			continue
		}
		c := &r.Experiments[at.experiment].Cases[at.test]
		one, err := runOf(t, sets)
		if err != nil {
			return err
		}
		c.add(one)
	}
	for i, e := range p.Experiments {
		for j := range e.Cases {
			c := &r.Experiments[i].Cases[j]
			c.Config = e.Cases[j].Config.Effective()
			c.Config.Seed = p.Seeds[0]
			s, err := summaryOf(c.Config, sets)
			if err != nil {
				return err
			}
			c.Parameters, c.Elements = s.Parameters, s.Elements
			c.Comparisons = c.compare(e.Cases[j].Reference)
		}
	}
	if r.Partial != nil {
		r.dropEmpty()
	}
	return nil
}

// dropEmpty leaves out what no training of has ended.
func (r *Results) dropEmpty() {
	for i := range r.Experiments {
		e := &r.Experiments[i]
		e.Cases = slices.DeleteFunc(e.Cases, func(c CaseResult) bool { return len(c.Runs) == 0 })
	}
	r.Experiments = slices.DeleteFunc(r.Experiments, func(e Result) bool { return len(e.Cases) == 0 })
}

func (c *CaseResult) add(one Run) {
	c.Runs = append(c.Runs, one)
	switch one.Outcome {
	case Trained:
		c.Trained++
	case Stuck:
		c.Stuck++
	case Failed:
		c.Failed++
	}
}

// runOf is what became of a trial.
func runOf(t *sweep.Trial, sets *run.Sets) (Run, error) {
	one := Run{Seed: t.Config.Seed, Outcome: Trained, Seconds: t.Seconds, model: t.Result.Model}
	for i, e := range t.Result.Epochs {
		var end *run.End
		if i == len(t.Result.Epochs)-1 {
			end = t.Result.End
		}
		if x := e.Train.Loss + e.Test.Loss; math.IsNaN(x) || math.IsInf(x, 0) {
			break // JSON has no such numbers, and nothing good follows
		}
		one.Epochs = append(one.Epochs, run.NewRecord(t.Config, e, end))
	}
	switch {
	case t.Err != nil:
		one.Outcome, one.Error = Failed, t.Err.Error()
		return one, nil
	case t.Stuck:
		one.Outcome = Stuck
	}
	program, err := train.ApplyProgram(one.model, train.InputOf(sets.Train), 1)
	if err != nil {
		return one, err
	}
	one.Alphas, err = alphas(program, one.model)
	return one, err
}

func summaryOf(c run.Config, sets *run.Sets) (*summary.Summary, error) {
	p, err := program(c, sets)
	if err != nil {
		return nil, err
	}
	return summary.Of(p), nil
}

// program is the forward pass of a configuration.
func program(c run.Config, sets *run.Sets) (*graph.Program, error) {
	t, err := run.NewTraining(c, sets, run.TrainOptions{})
	if err != nil {
		return nil, err
	}
	return train.ApplyProgram(t.Model, train.InputOf(sets.Train), 1)
}
