package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/diagnose"
	"gradus/optim"
	"gradus/run"
)

type trainCommand struct {
	config      run.Config
	configFile  string
	printConfig bool
	json        bool
	keeping     keeping
}

func newTrain() *cobra.Command {
	t := &trainCommand{config: run.DefaultConfig()}
	cmd := &cobra.Command{
		Use:   "train",
		Short: "Train a network",
		Long: `Train a network by stochastic gradient descent and print its errors after every epoch.

The training error is counted while training, before each update. The test error is
that of the test set after the epoch; with --validation it is that of the samples held
out, and the test set is looked at once, at the end. The same settings give the same
weights to the last bit, whatever the number of threads. Warnings tell of a training that
is stuck at chance, diverges or has dead units, and of what may help.

Settings come from the defaults, then from the file given by --config, then from flags.

With --out the run is kept in a folder: its settings, a record per epoch, and checkpoints,
from which --resume goes on to the same last bit, whatever ended the run. Ctrl-C then
finishes the step and saves. --resume needs no other flag.`,
		Example: `  gradus train
  gradus train --batch 64 --lr 0.05 --epochs 5
  gradus train --depth 3 --schedule 0.3x2,0.07x3 --momentum 0.5
  gradus train --net convex --depth 3 --batch 64 --alpha -2 --momentum 0.9 --lr 0.05
  gradus train --data fashionmnist --validation 10000 --json > result.jsonl
  gradus train --lr 0.1 --print-config > settings.json
  gradus train --config settings.json --seed 2
  gradus train --out runs/first
  gradus train --resume runs/first`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return t.run(cmd) },
	}
	networkFlags(cmd, &t.config)
	trainingFlags(cmd, &t.config)
	configFlag(cmd, &t.configFile)
	t.keeping.flags(cmd)
	cmd.Flags().BoolVar(&t.printConfig, "print-config", false, "print the settings as --config would read them, and train nothing")
	cmd.Flags().BoolVar(&t.json, "json", false, "print a JSON object per epoch; the last one has the weights' SHA-256")
	return cmd
}

func (t *trainCommand) run(cmd *cobra.Command) error {
	if err := t.keeping.check(cmd.Flags()); err != nil {
		return err
	}
	if err := settle(cmd.Flags(), &t.config, t.keeping.base(), t.configFile); err != nil {
		return err
	}
	if t.printConfig {
		return writeJSON(cmd.OutOrStdout(), t.config.Effective())
	}
	if t.keeping.out != "" {
		if err := run.CheckNew(t.keeping.out); err != nil {
			return misuseError{err}
		}
	}
	if finished, err := t.finished(cmd); err != nil || finished {
		return err
	}
	stages, err := t.config.Stages()
	if err != nil {
		return misuseError{err}
	}
	ctx, stop := withSignals(cmd.Context(), t.keeping.whenInterrupted())
	defer stop()

	sets, err := t.config.OpenSets()
	if err != nil {
		return err
	}
	for _, line := range append(data.Warnings(sets.Train, sets.Test), idleStages(stages)...) {
		printWarning(cmd.ErrOrStderr(), line)
	}
	bar := newProgress(cmd.ErrOrStderr(), stages)
	defer bar.clear()
	training, err := run.NewTraining(t.config, sets, run.TrainOptions{Progress: bar.report})
	if err != nil {
		return misuseError{err}
	}
	c := course{
		Training: training, watch: diagnose.NewWatch(training.Sets.Train, training.Sets.Evaluated(), t.config.Batch), bar: bar,
		printer: textPrinter{cmd.OutOrStdout(), t.config, stages},
	}
	if t.json {
		c.printer = jsonPrinter{cmd.OutOrStdout(), t.config}
	}
	if t.keeping.given() {
		return t.keep(ctx, cmd, sets, c)
	}
	return c.follow(ctx)
}

// idleStages warns of stages that cannot change anything.
func idleStages(stages []optim.Stage) []string {
	var lines []string
	for i, s := range stages {
		if s.LearningRate == 0 && s.Epochs > 0 {
			lines = append(lines, fmt.Sprintf("stage %d: lr 0: weights will not change", i+1))
		}
	}
	return lines
}
