package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/internal/outdir"
	"gradus/run"
	"gradus/sweep"
)

type sweepCommand struct {
	base       run.Config
	configFile string
	axes       []*axisFlag
	workers    int
	out        string
	json, csv  bool
}

func newSweep() *cobra.Command {
	s := &sweepCommand{base: run.DefaultConfig()}
	cmd := &cobra.Command{
		Use:   "sweep",
		Short: "Train over a grid of settings and compare",
		Long: `Train all combinations of settings, one training per core, and say which is best.

Flags that take values below take lists and ranges of them:
  0.01,0.03          a list
  0.001:0.1:log5     5 values at equal ratios
  0.1:0.5:lin5       5 values at equal distances
  1..5               all whole numbers from 1 to 5

Trainings that differ in the seed alone are one setting: its errors are the mean over the
seeds, +- one sample standard deviation. A training is stuck when it ends within a
percentage point of chance; it is counted, and left out of the mean. The table is sorted
by how many trainings are not stuck, then by error; a setting with a training that failed
is shown and never best.

The results are the same whatever the number of workers. Ctrl-C keeps what is finished.
While it runs a terminal shows a table; elsewhere each training is a line on standard
error when it ends. --json and --csv print trainings in the order of the grid.

Exit code 4: some trainings failed.`,
		Example: `  gradus sweep --lr 0.01,0.03,0.05,0.07 --batch 64
  gradus sweep --lr 0.001:0.1:log5 --seed 1..3 --epochs 2 --out rates
  gradus sweep --depth 1..3 --schedule 0.3x2,0.07x3 --batch 64 --validation 10000
  gradus sweep --momentum 0,0.5,0.75 --lr 0.01,0.03 --csv > momentum.csv`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd) },
	}
	networkFlags(cmd, &s.base)
	trainingFlags(cmd, &s.base)
	for _, name := range sweep.Names() {
		s.axes = append(s.axes, asAxis(cmd.Flags().Lookup(name)))
	}
	configFlag(cmd, &s.configFile)
	f := cmd.Flags()
	f.Lookup("threads").Usage = "threads of each training, at most 256; 0 shares the cores among the workers"
	f.Var(intValue(&s.workers), "workers", "trainings at a time, at most 256; 0 for one per core")
	f.StringVar(&s.out, "out", "", "new `folder` for results.json, results.csv and the curves as SVG and PNG")
	f.BoolVar(&s.json, "json", false, "print a JSON object per training, then the summary")
	f.BoolVar(&s.csv, "csv", false, "print a CSV row per training")
	complete(cmd, "workers", cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "out", cobra.ShellCompDirectiveFilterDirs)
	return cmd
}

func (s *sweepCommand) run(cmd *cobra.Command) error {
	grid, err := s.grid(cmd)
	if err != nil {
		return err
	}
	sets, err := s.base.OpenSets()
	if err != nil {
		return err
	}
	if err := grid.Fits(sets); err != nil {
		return misuseError{err}
	}
	for _, line := range data.Warnings(sets.Train, sets.Test) {
		printWarning(cmd.ErrOrStderr(), line)
	}
	for _, line := range grid.Notices {
		fmt.Fprintln(cmd.ErrOrStderr(), "gradus: "+line)
	}
	if s.out != "" {
		if err := outdir.Create(s.out); err != nil {
			return err
		}
	}
	signals, stop := withSignals(cmd.Context(), nothingSaved)
	defer stop()
	ctx, cancel := context.WithCancelCause(signals)
	defer cancel(nil)

	out := s.output(cmd.OutOrStdout(), len(grid.Points))
	watch := newWatcher(cmd.ErrOrStderr(), grid)
	trials, err := grid.Run(ctx, sets, sweep.Options{Workers: s.workers, Observe: func(e sweep.Event) {
		watch.see(e)
		if e.Finished != nil && s.streams() {
			if err := watch.aside(func() error { return out.training(e.Finished) }); err != nil {
				cancel(err)
			}
		}
	}})
	watch.close()
	return s.conclude(grid.Summarize(trials), trials, out, err)
}

// grid is what the flags ask for. Whatever is wrong with it is found here.
func (s *sweepCommand) grid(cmd *cobra.Command) (*sweep.Grid, error) {
	if err := gather(cmd.Flags(), &s.base, nil, s.configFile); err != nil {
		return nil, err
	}
	var axes []sweep.Axis
	for _, a := range s.axes {
		if a.given {
			axes = append(axes, a.axis)
		}
	}
	grid, err := sweep.NewGrid(s.base, axes)
	if err != nil {
		return nil, misuseError{err}
	}
	switch {
	case s.workers < 0 || s.workers > maxWorkers:
		return nil, misuse("workers: expected 0 to %d, got %d; 0 means one per core", maxWorkers, s.workers)
	case s.json && s.csv:
		return nil, misuse("json: expected json or csv, got both")
	}
	return grid, checkOut(cmd, s.out)
}

const maxWorkers = 256

// checkOut refuses a folder for results that is not new or empty.
func checkOut(cmd *cobra.Command, dir string) error {
	if !cmd.Flags().Changed("out") {
		return nil
	}
	if dir == "" {
		return misuse("out: expected a folder, got nothing")
	}
	if err := outdir.Check(dir); err != nil {
		return misuse("out: %w", err)
	}
	return nil
}

// conclude writes what the sweep found, also where it ended early.
func (s *sweepCommand) conclude(summary *sweep.Summary, trials []sweep.Trial, out sweepOutput, err error) error {
	ended := summary.Finished + summary.Failed
	switch i := (interruption{}); {
	case err != nil && !errors.As(err, &i):
		return err // results can be written no more
	case err != nil:
		err = stoppedSweep{err, ended, len(trials)}
	case summary.Failed > 0:
		err = failedTrainings{summary.Failed, len(trials)}
	}
	if ended == 0 {
		return err
	}
	if s.out != "" {
		err = both(err, summary.WriteFiles(s.out, trials))
	}
	return both(err, out.summary(summary, trials))
}

// both is two errors in a line.
func both(a, b error) error {
	if a != nil && b != nil {
		return fmt.Errorf("%w; then %w", a, b)
	}
	return cmp.Or(a, b)
}

// stoppedSweep is the end of a sweep by a signal.
type stoppedSweep struct {
	error
	ended, of int
}

func (s stoppedSweep) Unwrap() error { return s.error }

func (s stoppedSweep) Error() string {
	what, _, _ := strings.Cut(s.error.Error(), ";")
	return fmt.Sprintf("%s; %d of %d trainings had ended", what, s.ended, s.of)
}

// failedTrainings is the end of a sweep in which some failed.
type failedTrainings struct{ failed, of int }

func (f failedTrainings) Error() string {
	return fmt.Sprintf("%d of %d trainings failed", f.failed, f.of)
}

// sweepOutput writes results to standard output.
type sweepOutput interface {
	training(*sweep.Trial) error
	summary(*sweep.Summary, []sweep.Trial) error
}

// streams reports whether results are written while trainings run.
func (s *sweepCommand) streams() bool { return s.json || s.csv }

func (s *sweepCommand) output(w io.Writer, trainings int) sweepOutput {
	switch {
	case s.json:
		return &inOrder{ended: make([]*sweep.Trial, trainings), format: jsonTrials{w}}
	case s.csv:
		return &inOrder{ended: make([]*sweep.Trial, trainings), format: &csvTrials{out: w}}
	}
	return textTable{w}
}
