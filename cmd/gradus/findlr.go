package main

import (
	"io"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/device/cpu"
	"gradus/internal/outdir"
	"gradus/optim"
	"gradus/random"
	"gradus/run"
	"gradus/train"
	"gradus/zoo"
)

type findLRCommand struct {
	config     run.Config
	configFile string
	options    train.RangeOptions
	out        string
	json       bool
}

func newFindLR() *cobra.Command {
	f := &findLRCommand{config: run.DefaultConfig(), options: train.RangeOptions{Low: 1e-4, High: 10, Steps: 1000}}
	cmd := &cobra.Command{
		Use:   "find-lr",
		Short: "Suggest a learning rate",
		Long: `Suggest a learning rate by the range test (Smith 2017, arXiv 1506.01186): a short training
whose learning rate grows by the same factor at each step, from one too small to learn to
one too large. The loss falls, fastest at some rate, and rises again where training
diverges: half of the way back from its lowest point. The suggestion is the rate of the
fastest fall or a tenth of the one where it diverges, whichever is smaller.

Losses are smoothed by a Gaussian with a standard deviation of an eighth of a decade. The
suggestion is one to begin with; "gradus sweep" around it finds the best.`,
		Example: `  gradus find-lr
  gradus find-lr --batch 64 --momentum 0.9 --out range
  gradus find-lr --depth 2 --from 0.001 --steps 3000 --json`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return f.run(cmd) },
	}
	networkFlags(cmd, &f.config)
	stepFlags(cmd, &f.config)
	configFlag(cmd, &f.configFile)
	flags := cmd.Flags()
	flags.Var(float64Value(&f.options.Low), "from", "smallest learning `rate`")
	flags.Var(float64Value(&f.options.High), "to", "largest learning `rate`")
	flags.Var(intValue(&f.options.Steps), "steps", "`number` of steps, a batch each")
	flags.StringVar(&f.out, "out", "", "new `folder` for range.json and the curve as SVG and PNG")
	flags.BoolVar(&f.json, "json", false, "print JSON, with the loss of each step")
	for _, name := range []string{"from", "to", "steps"} {
		complete(cmd, name, cobra.ShellCompDirectiveNoFileComp)
	}
	complete(cmd, "out", cobra.ShellCompDirectiveFilterDirs)
	return cmd
}

func (f *findLRCommand) run(cmd *cobra.Command) error {
	if err := f.check(cmd); err != nil {
		return err
	}
	sets, err := f.config.OpenSets()
	if err != nil {
		return err
	}
	model, err := zoo.New(random.New(f.config.Seed, "init"), f.config.Network(sets.Train))
	if err != nil {
		return misuseError{err}
	}
	for _, line := range data.Warnings(sets.Train, sets.Test) {
		printWarning(cmd.ErrOrStderr(), line)
	}
	if f.out != "" {
		if err := outdir.Create(f.out); err != nil {
			return err
		}
	}
	ctx, stop := withSignals(cmd.Context(), nothingSaved)
	defer stop()
	bar := newCounter(cmd.ErrOrStderr())
	f.options.Progress = func(done, of int) { bar.report("finding a learning rate", done, of) }
	found, err := train.RangeTest(ctx, model, sets.Train, f.options)
	bar.clear()
	if err != nil {
		return err
	}
	r := newRangeReport(f.config, found)
	return both(f.write(cmd.OutOrStdout(), r), r.none)
}

// check finds whatever is wrong with the flags.
func (f *findLRCommand) check(cmd *cobra.Command) error {
	if err := settle(cmd.Flags(), &f.config, nil, f.configFile); err != nil {
		return err
	}
	for _, end := range []struct {
		name string
		rate float64
	}{{"from", f.options.Low}, {"to", f.options.High}} {
		if !(end.rate > 0 && end.rate <= maxRate) {
			return misuse("%s: expected 0 < lr <= 3.4e38, got %v", end.name, end.rate)
		}
	}
	if f.options.Low >= f.options.High {
		return misuse("from: expected less than --to, %v, got %v", f.options.High, f.options.Low)
	}
	f.options.Batch, f.options.Seed = f.config.Batch, f.config.Seed
	f.options.Rule = optim.SGD{Momentum: f.config.Momentum}
	f.options.Device = cpu.New(cpu.Options{Threads: f.config.Threads})
	if f.options.Steps == 0 { // the default, to the library
		return misuse("steps: expected at least 10, got 0")
	}
	if err := f.options.Check(); err != nil {
		return misuseError{err}
	}
	return checkOut(cmd, f.out)
}

const maxRate = 3.4e38 // optim.Stage's

// write puts the result where it is asked for.
func (f *findLRCommand) write(out io.Writer, r *rangeReport) error {
	if f.out != "" {
		chart := r.chart()
		for _, file := range []outdir.File{
			{Name: "range.json", Write: r.writeJSON}, {Name: "range.svg", Write: chart.SVG}, {Name: "range.png", Write: chart.PNG},
		} {
			if err := file.WriteTo(f.out); err != nil {
				return err
			}
		}
	}
	if f.json {
		return unwritten(r.writeJSON(out))
	}
	return unwritten(r.writeText(out))
}
