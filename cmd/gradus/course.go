package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"gradus/device"
	"gradus/diagnose"
	"gradus/nn"
	"gradus/optim"
	"gradus/run"
	"gradus/train"
)

// course is a training on its way, and who is told of it.
type course struct {
	trainer *train.Trainer
	model   nn.Module
	device  device.Device
	sets    *run.Sets
	watch   *diagnose.Watch
	bar     *progress
	printer printer
	stderr  io.Writer // for warnings
}

// follow trains through the stages and prints each epoch.
func (c course) follow(ctx context.Context, stages []optim.Stage) error {
	if err := c.printer.begin(); err != nil {
		return err
	}
	left := 0
	for _, s := range stages {
		left += s.Epochs
	}
	for epoch, err := range c.trainer.Epochs(ctx, stages...) {
		c.bar.clear()
		if err != nil {
			return explain(epoch, err)
		}
		left--
		warnings := c.watch.Epoch(epoch, left == 0)
		var last *end
		if left == 0 {
			if last, err = c.finish(ctx); err != nil {
				return err
			}
			warnings = append(warnings, diagnose.Dead(last.layers)...)
		}
		if err := c.printer.epoch(epoch, warnings, last); err != nil {
			return err
		}
		for _, w := range warnings {
			printWarning(c.stderr, w.String())
		}
	}
	return nil
}

// finish finds out what is known only after the last epoch.
func (c course) finish(ctx context.Context) (*end, error) {
	e := &end{weights: train.Fingerprint(c.trainer.Parameters())}
	var err error
	if e.layers, err = diagnose.DeadUnits(c.model, c.sets.Train, diagnose.DeadOptions{Device: c.device}); err != nil {
		return nil, err
	}
	if c.sets.Validation == nil {
		return e, nil
	}
	score, err := c.trainer.Evaluate(ctx, c.sets.Test)
	e.test = &score.Error
	return e, err
}

// explain says where a training ended early.
func explain(e train.Epoch, err error) error {
	if e.Stage == 0 { // before the first epoch
		return err
	}
	hint := ""
	if nf := (*device.NonFiniteError)(nil); errors.As(err, &nf) {
		hint = "; a smaller learning rate may help"
	}
	return fmt.Errorf("stage %d, epoch %d: %w%s", e.Stage, e.Epoch, err, hint)
}
