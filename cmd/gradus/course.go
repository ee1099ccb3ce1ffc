package main

import (
	"context"
	"io"

	"gradus/diagnose"
	"gradus/run"
)

// course is a training on its way, and who is told of it.
type course struct {
	*run.Training
	watch   *diagnose.Watch
	bar     *progress
	printer printer
	stderr  io.Writer // for warnings
}

// follow trains through the stages and prints each epoch.
func (c course) follow(ctx context.Context) error {
	if err := c.printer.begin(); err != nil {
		return err
	}
	left := 0
	for _, s := range c.Stages {
		left += s.Epochs
	}
	for epoch, err := range c.Epochs(ctx) {
		c.bar.clear()
		if err != nil {
			return run.Explain(epoch, err)
		}
		left--
		found := findings{warnings: c.watch.Epoch(epoch, left == 0)}
		if left == 0 {
			if found.end, err = c.Finish(ctx); err != nil {
				return err
			}
			if found.layers, err = diagnose.DeadUnits(c.Model, c.Sets.Train, diagnose.DeadOptions{Device: c.Device}); err != nil {
				return err
			}
			found.warnings = append(found.warnings, diagnose.Dead(found.layers)...)
		}
		if err := c.printer.epoch(epoch, found); err != nil {
			return err
		}
		for _, w := range found.warnings {
			printWarning(c.stderr, w.String())
		}
	}
	return nil
}
