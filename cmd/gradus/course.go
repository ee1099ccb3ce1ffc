package main

import (
	"context"
	"io"

	"gradus/diagnose"
	"gradus/run"
	"gradus/train"
)

// course is a training on its way, and who is told of it.
type course struct {
	*run.Training
	stage   int // in which it begins, from 0
	watch   *diagnose.Watch
	bar     *progress
	printer printer
}

// follow trains through the stages and prints each epoch.
func (c course) follow(ctx context.Context) error {
	if err := c.printer.begin(c.stage); err != nil {
		return err
	}
	defer c.bar.clear()
	return c.Run(ctx, func(e train.Epoch, end *run.End) error {
		c.bar.clear()
		found := findings{warnings: c.watch.Epoch(e, end != nil), end: end}
		if end != nil {
			var err error
			if found.layers, err = diagnose.DeadUnits(c.Model, c.Sets.Train, diagnose.DeadOptions{Device: c.Device}); err != nil {
				return err
			}
			found.warnings = append(found.warnings, diagnose.Dead(found.layers)...)
		}
		if err := c.printer.epoch(e, found); err != nil {
			return err
		}
		for _, w := range found.warnings {
			c.bar.say(func(stderr io.Writer) { printWarning(stderr, w.String()) })
		}
		return nil
	})
}
