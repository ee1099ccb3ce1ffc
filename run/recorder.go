package run

import (
	"context"
	"errors"
	"fmt"

	"gradus/device"
	"gradus/internal/atomicfile"
	"gradus/internal/filelock"
	"gradus/run/checkpoint"
	"gradus/run/metrics"
	"gradus/train"
)

// Recorder keeps a training in the directory of a run: a record behind every
// epoch, checkpoints, what is the best and the last of them. It writes in the
// background while training goes on, one thing at a time.
type Recorder struct {
	Dir *Dir

	options  RecorderOptions
	every    Interval
	lock     *filelock.Lock
	log      *metrics.Log
	store    *checkpoint.Store
	from     *checkpoint.Checkpoint // where the training goes on; nil for its begin
	base     checkpoint.Checkpoint  // what every checkpoint says
	last     *saved                 // nil before the first
	failed   int                    // saves, one after the other
	unlogged bool                   // a record could not be written, and that was said
	writing  chan error             // nil while nothing is written
}

// saved is a checkpoint that outlasts a crash.
type saved struct {
	steps, epochs, samples int
	path                   string
}

// RecorderOptions are what does not change the files of a run.
type RecorderOptions struct {
	// Saved, if set, is called when a checkpoint is certain to outlast a crash;
	// Warn when something went wrong that training can go on with. Both may be
	// called by another goroutine.
	Saved func(step int, path string)
	Warn  func(text string)

	fs atomicfile.FS // nil means the disk
}

// mostFailures is how many saves may fail, one after the other, before that ends
// the training.
const mostFailures = 3

// SavedError says why a training ended and where it can go on.
type SavedError struct {
	Err  error
	Step int
	Path string
}

// Error is why it ended; where it can go on is for the caller to word.
func (e *SavedError) Error() string { return e.Err.Error() }

// Unwrap returns why it ended.
func (e *SavedError) Unwrap() error { return e.Err }

// run is Training.Run with a recorder.
func (r *Recorder) run(ctx context.Context, t *Training, each func(train.Epoch, *End) error) error {
	from, err := r.begin(t)
	if err != nil {
		return err
	}
	err = t.follow(ctx, t.trainer.Resume(ctx, from, t.Stages...), func(e train.Epoch, end *End) error {
		if err := r.epoch(t, e, end); err != nil {
			return err
		}
		return each(e, end)
	})
	if waited := r.wait(); err == nil {
		err = waited
	}
	nonfinite := (*device.NonFiniteError)(nil)
	switch {
	case err == nil && r.failed > 0:
		return r.save(t.trainer.Snapshot(), nil) // the end must not be lost by one full disk
	case err != nil && ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
		if saving := r.interrupt(t.trainer.Snapshot()); saving != nil {
			return fmt.Errorf("%w; then %v", saving, err)
		}
		return &SavedError{err, r.last.steps, r.last.path}
	case errors.As(err, &nonfinite) && r.last != nil:
		return &SavedError{err, r.last.steps, r.last.path}
	}
	return err
}

// begin saves where a new training begins.
func (r *Recorder) begin(t *Training) (*train.Snapshot, error) {
	if r.from != nil {
		r.last = &saved{r.from.Steps, r.from.Epochs, r.from.Samples, checkpoint.Path(r.Dir.Path, r.from.Steps)}
		return &r.from.Snapshot, nil
	}
	s := t.trainer.Snapshot()
	return s, r.save(s, nil)
}

// epoch keeps what an epoch found and, where it is time, where the training is.
func (r *Recorder) epoch(t *Training, e train.Epoch, end *End) error {
	s := t.trainer.Snapshot()
	record := NewRecord(t.Config, e, end)
	best := (*checkpoint.Best)(nil)
	due := end != nil || r.every.due(s.Epochs)
	if due {
		best = &checkpoint.Best{Step: s.Steps, Error: e.Test.Error}
	}
	return r.write(func() error {
		r.append(s.Epochs, record)
		if !due {
			return nil
		}
		return r.save(s, best)
	})
}

// checkpoint is what train.Trainer.Checkpoints calls.
func (r *Recorder) checkpoint(s *train.Snapshot) error {
	return r.write(func() error { return r.save(s, nil) })
}

// interrupt saves where the training is, unless that is done.
func (r *Recorder) interrupt(s *train.Snapshot) error {
	if l := r.last; l != nil && l.steps == s.Steps && l.epochs == s.Epochs && l.samples == s.Samples {
		return nil
	}
	return r.save(s, nil)
}

// append writes a record. A log that cannot be written does not end a training:
// records wait, and whether they are lost shows at the end.
func (r *Recorder) append(seq int, record Record) {
	if err := r.log.Append(seq, record); err != nil && !r.unlogged {
		r.unlogged = true
		r.warn(err.Error() + "; records wait")
	}
}

// save writes a checkpoint; best, where it is given, is what it would be the best
// by.
func (r *Recorder) save(s *train.Snapshot, best *checkpoint.Best) error {
	c := r.base
	c.Snapshot = *s
	if best != nil && (c.Best == nil || best.Error < c.Best.Error) {
		c.Best = best
	}
	isSaved := false
	err := r.store.Save(&c, func(path string) {
		isSaved = true
		r.last = &saved{s.Steps, s.Epochs, s.Samples, path}
		r.base.Best = c.Best
		if r.options.Saved != nil {
			r.options.Saved(s.Steps, path)
		}
	})
	if err != nil && isSaved {
		r.warn(err.Error())
		return nil
	}
	return err
}

// write does something in the background, when what was begun before is done.
func (r *Recorder) write(do func() error) error {
	if err := r.wait(); err != nil {
		return err
	}
	done := make(chan error, 1)
	r.writing = done
	go func() {
		defer func() {
			if v := recover(); v != nil { // here it would end the program
				done <- fmt.Errorf("expected to write the run, got an internal error: %v", v)
			}
		}()
		done <- do()
	}()
	return nil
}

// wait waits for what is written in the background. A save that fails is no
// error before it is the third one in a row.
func (r *Recorder) wait() error {
	if r.writing == nil {
		return nil
	}
	err := <-r.writing
	r.writing = nil
	switch {
	case err == nil:
		r.failed = 0
		return nil
	case r.failed+1 >= mostFailures:
		return fmt.Errorf("%w; that was the %drd time in a row", err, mostFailures)
	}
	r.failed++
	r.warn(err.Error() + "; training goes on, the next checkpoint is another try")
	return nil
}

func (r *Recorder) warn(text string) {
	if r.options.Warn != nil {
		r.options.Warn(text)
	}
}

// Close ends the recording and lets others train the run. The error says what
// could not be written.
func (r *Recorder) Close() error {
	err := r.wait()
	if r.log != nil {
		if closed := r.log.Close(); err == nil && closed != nil {
			err = closed
		}
		if lost := r.log.Lost(); err == nil {
			err = lost
		}
	}
	if released := r.lock.Release(); err == nil {
		err = released
	}
	return err
}
