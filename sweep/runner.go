package sweep

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"sync"
	"time"

	"gradus/diagnose"
	"gradus/optim"
	"gradus/run"
	"gradus/train"
)

// Options are the options of Run. They change no number of the results.
type Options struct {
	// Workers is the number of trainings at a time; 0 means one per core.
	Workers int
	// Order lists all points by index, as they are to begin; nil means the
	// grid's order.
	Order []int
	// Models keeps the trained networks in the results. Without it they are
	// dropped: a large grid would hold many.
	Models bool
	// Observe, if set, is told what happens, one call at a time.
	Observe func(Event)
}

// Event is something that happened to a training.
type Event struct {
	Point    *Point
	Share    float64      // of its work done, 0 to 1; 0 when it begins
	Epoch    *train.Epoch // set when an epoch has ended
	Finished *Trial       // set when the training has ended
}

// Trial is a training of the grid and what became of it.
type Trial struct {
	Point
	Result *run.Result // nil before the end; without Options.Models Result.Model is dropped
	Err    error       // why it failed
	Stuck  bool        // diagnose.Stuck after its last epoch
	// Diverged says that it undid in some epoch what it had learned, as
	// diagnose.Diverging has it.
	Diverged bool
	Seconds  float64
}

// State is what became of a training.
type State string

// The states of a trial.
const (
	Unfinished State = "unfinished"
	Finished   State = "finished"
	Failed     State = "failed"
)

// State is what became of the training.
func (t *Trial) State() State {
	switch {
	case t.Err != nil:
		return Failed
	case t.Result != nil:
		return Finished
	}
	return Unfinished
}

// Run trains all points of the grid, several at a time. A training that fails
// is recorded, and the others go on. The trials are in the grid's order. When
// the context is done before all have ended, the error is its cause, and the
// trials that were running are unfinished.
//
// The sets are those of the base's Config.Data, whole; all trainings share them.
func (g *Grid) Run(ctx context.Context, sets *run.Sets, o Options) ([]Trial, error) {
	cores := runtime.GOMAXPROCS(0)
	if o.Workers == 0 {
		o.Workers = cores
	}
	o.Workers = max(1, min(o.Workers, len(g.Points)))
	r := &runner{
		sets: sets, threads: g.Base.Threads, models: o.Models,
		observe: o.Observe, trials: make([]Trial, len(g.Points)),
	}
	if r.threads == 0 {
		r.threads = max(1, cores/o.Workers)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() {
			for i := range next {
				r.train(ctx, &r.trials[i])
			}
		})
	}
	for i := range g.Points {
		r.trials[i].Point = g.Points[i]
	}
	for i := 0; i < len(g.Points) && ctx.Err() == nil; i++ {
		at := i
		if o.Order != nil {
			at = o.Order[i]
		}
		select {
		case next <- at:
		case <-ctx.Done():
		}
	}
	close(next)
	workers.Wait()
	for i := range r.trials {
		if r.trials[i].State() == Unfinished {
			return r.trials, context.Cause(ctx)
		}
	}
	return r.trials, nil
}

// runner is the state of a Run.
type runner struct {
	sets    *run.Sets
	threads int // of each training
	models  bool

	mu      sync.Mutex // held while observe is called
	observe func(Event)

	trials []Trial // each is written to by the worker that has it
}

func (r *runner) tell(e Event) {
	if r.observe != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.observe(e)
	}
}

// train does one training. The number of threads changes no bit, so it is no
// part of what is recorded.
func (r *runner) train(ctx context.Context, t *Trial) {
	r.tell(Event{Point: &t.Point})
	begin := time.Now()
	c := t.Config
	c.Threads = r.threads
	share := sharer(c)
	var watch *diagnose.Watch
	result, err := guarded(c, func() (*run.Result, error) {
		return c.Train(ctx, r.sets, run.TrainOptions{
			Progress: func(p train.Progress) { r.tell(Event{Point: &t.Point, Share: share(p)}) },
			Epoch: func(training *run.Training, e train.Epoch) error {
				if watch == nil {
					watch = diagnose.NewWatch(training.Sets.Train, training.Sets.Evaluated(), c.Batch)
				}
				watch.Epoch(e, false)
				r.tell(Event{Point: &t.Point, Share: share(train.Progress{Stage: e.Stage, Epoch: e.Epoch, Samples: 1, Of: 1}), Epoch: &e})
				return nil
			},
		})
	})
	if err != nil && ctx.Err() != nil {
		return // interrupted, which is not the training's fault
	}
	if !r.models {
		result.Model = nil
	}
	result.Config.Threads = t.Config.Threads
	t.Seconds = time.Since(begin).Seconds()
	t.Result, t.Err = result, err
	if err == nil {
		t.Err = finite(result)
	}
	if t.Err == nil && watch != nil {
		t.Stuck, t.Diverged = watch.Stuck(), watch.Diverged()
	}
	r.tell(Event{Point: &t.Point, Share: 1, Finished: t})
}

// guarded turns a panic, which is a mistake in this program, into the error of one
// training. In a worker it would end the program, and the others with it.
func guarded(c run.Config, f func() (*run.Result, error)) (r *run.Result, err error) {
	defer func() {
		if v := recover(); v != nil {
			r, err = &run.Result{Config: c}, fmt.Errorf("expected to train, got an internal error: %v", v)
		}
	}()
	return f()
}

// sharer returns what share of a training's samples were seen.
func sharer(c run.Config) func(train.Progress) float64 {
	stages, err := c.Stages()
	if err != nil {
		return func(train.Progress) float64 { return 0 } // Train says why
	}
	epochs := func(stages []optim.Stage) (n float64) {
		for _, s := range stages {
			n += float64(s.Epochs)
		}
		return n
	}
	all := epochs(stages)
	return func(p train.Progress) float64 {
		return (epochs(stages[:p.Stage-1]) + float64(p.Epoch-1) + float64(p.Samples)/float64(p.Of)) / all
	}
}

// finite refuses a result that cannot be ranked.
func finite(r *run.Result) error {
	last, _ := r.Last()
	scores := []struct {
		name  string
		score train.Score
	}{{"training", last.Train}, {"test", last.Test}}
	if r.End.Test != nil {
		scores[1].name = "validation"
		scores = append(scores, scores[0])
		scores[2].name, scores[2].score = "test", *r.End.Test
	}
	for _, s := range scores {
		if x := s.score.Loss + s.score.Error; math.IsNaN(x) || math.IsInf(x, 0) {
			return fmt.Errorf("%s loss: expected a finite number, got %v", s.name, s.score.Loss)
		}
	}
	return nil
}
