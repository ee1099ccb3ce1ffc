package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/device"
	"gradus/run"
	"gradus/train"
)

// keeping are the flags that say where a training is kept and how it goes on.
type keeping struct {
	out, resume    string
	every          intervalFlag
	keep           int
	override       bool
	strict         bool
	skipBad        bool
	allowNonFinite bool

	dir *run.Dir // of resume
}

func (k *keeping) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	k.every.interval, k.keep = run.EveryEpoch, run.DefaultKeep
	f.StringVar(&k.out, "out", "", "new or empty `folder` to keep the run in")
	f.Var(&k.every, "checkpoint-every", "`interval` of checkpoints: epochs, or steps and each epoch besides, for instance 1ep or 500steps")
	f.Var(intValue(&k.keep), "keep", "newest checkpoints to keep, besides the best")
	f.StringVar(&k.resume, "resume", "", "`folder` of a run to go on with")
	f.BoolVar(&k.override, "override", false, "with --resume: go on with other settings or data than the run's")
	f.BoolVar(&k.strict, "strict", false, "with --resume: refuse to go back behind a damaged checkpoint")
	f.BoolVar(&k.skipBad, "skip-bad", false, "with --resume: go on with a log that is damaged in the middle")
	f.BoolVar(&k.allowNonFinite, "allow-nonfinite", false, "with --resume: go on with weights that are infinite or not numbers")
	for _, name := range []string{"out", "resume"} {
		complete(cmd, name, cobra.ShellCompDirectiveFilterDirs)
	}
	complete(cmd, "checkpoint-every", cobra.ShellCompDirectiveNoFileComp, "1ep", "500steps")
	complete(cmd, "keep", cobra.ShellCompDirectiveNoFileComp)
}

// intervalFlag is a run.Interval as a flag.
type intervalFlag struct{ interval run.Interval }

func (i *intervalFlag) String() string { return i.interval.String() }
func (i *intervalFlag) Type() string   { return "interval" }
func (i *intervalFlag) Set(text string) (err error) {
	i.interval, err = run.ParseInterval(text)
	return err
}

// given reports whether the training is kept.
func (k *keeping) given() bool { return k.out != "" || k.resume != "" }

// check refuses flags that do not go together, and opens the run to go on with.
func (k *keeping) check(flags *pflag.FlagSet) (err error) {
	for _, name := range []string{"out", "resume"} {
		if f := flags.Lookup(name); f.Changed && f.Value.String() == "" {
			return misuse("%s: expected a folder, got nothing", name)
		}
	}
	switch {
	case k.out != "" && k.resume != "":
		return misuse("out: expected out or resume, got both")
	case k.keep < 1 || k.keep > maxKeep:
		return misuse("keep: expected 1 to %d, got %d", maxKeep, k.keep)
	}
	for _, name := range []string{"checkpoint-every", "keep"} {
		if flags.Changed(name) && !k.given() {
			return misuse("%s: expected out or resume beside it, got neither", name)
		}
	}
	for _, name := range []string{"override", "strict", "skip-bad", "allow-nonfinite"} {
		if flags.Changed(name) && k.resume == "" {
			return misuse("%s: expected resume beside it, got none", name)
		}
	}
	if k.resume == "" {
		return nil
	}
	if k.dir, err = run.Open(k.resume); err != nil {
		return misuseError{err}
	}
	return nil
}

const maxKeep = 1_000_000

// base are the settings to begin with: those of the run to go on with.
func (k *keeping) base() *run.Config {
	if k.dir == nil {
		return nil
	}
	c := k.dir.Config()
	return &c
}

func (k *keeping) whenInterrupted() string {
	if k.given() {
		return ""
	}
	return nothingSaved
}

// finished says that there is nothing to go on with, where that is so.
func (t *trainCommand) finished(cmd *cobra.Command) (bool, error) {
	d := t.keeping.dir
	if d == nil || len(d.Config().Differences(t.config)) > 0 {
		return false, nil
	}
	steps, finished, err := d.Finished()
	if finished {
		fmt.Fprintf(cmd.ErrOrStderr(), "%s: already at step %d of %d\n", d.Path, steps, steps)
	}
	return finished, err
}

// keep trains in the folder of a run.
func (t *trainCommand) keep(ctx context.Context, cmd *cobra.Command, sets *run.Sets, c course) error {
	warn := func(text string) { c.bar.say(func(w io.Writer) { printWarning(w, text) }) }
	recorder, err := t.recorder(cmd.Flags(), sets, run.RecorderOptions{
		Saved: func(step int, path string) {
			c.bar.say(func(w io.Writer) { fmt.Fprintln(w, oneLine.Replace(fmt.Sprintf("saved step %d: %s", step, path))) })
		},
		Warn: warn,
	})
	if err != nil {
		return err
	}
	c.Keep(recorder)
	if begin := recorder.Begin(); begin != nil {
		c.stage = c.StageAfter(begin.Epochs)
		c.bar.say(func(w io.Writer) {
			fmt.Fprintf(w, "going on at step %d, after epoch %d of %d\n", begin.Steps, begin.Epochs, c.TotalEpochs())
		})
	}
	out := &patient{printer: c.printer, warn: warn}
	c.printer = out
	err = t.keeping.explain(recorder.Dir.Path, c.follow(ctx))
	return both(both(err, recorder.Close()), out.failed)
}

func (t *trainCommand) recorder(flags *pflag.FlagSet, sets *run.Sets, o run.RecorderOptions) (*run.Recorder, error) {
	k := &t.keeping
	if k.dir == nil {
		return run.New(k.out, t.config, sets, run.NewOptions{Every: k.every.interval, Keep: k.keep, RecorderOptions: o})
	}
	resume := run.ResumeOptions{
		Config: t.config, Override: k.override, Strict: k.strict, SkipBad: k.skipBad, AllowNonFinite: k.allowNonFinite, RecorderOptions: o,
	}
	if flags.Changed("checkpoint-every") {
		resume.Every = &k.every.interval
	}
	if flags.Changed("keep") {
		resume.Keep = k.keep
	}
	recorder, err := run.Resume(k.dir, sets, resume)
	conflict, misfit := (*run.Conflict)(nil), (*run.Misfit)(nil)
	if errors.As(err, &conflict) || errors.As(err, &misfit) {
		return nil, misuse("resume: %w", err)
	}
	return recorder, err
}

// explain says what was saved of a training that ended early.
func (k *keeping) explain(dir string, err error) error {
	saved := (*run.SavedError)(nil)
	if !errors.As(err, &saved) {
		return err
	}
	if nf := (*device.NonFiniteError)(nil); errors.As(err, &nf) {
		return fmt.Errorf("%w; last good checkpoint: step %d, %s", err, saved.Step, saved.Path)
	}
	return fmt.Errorf("%w; saved step %d: %s; gradus train --resume %s goes on", err, saved.Step, saved.Path, dir)
}

// patient is a printer whose reader may go away: what it would print is in the
// folder of the run. The training goes on, and the error shows at its end.
type patient struct {
	printer
	warn   func(string)
	failed error
}

func (p *patient) note(err error) error {
	if err != nil {
		p.failed = err
		p.warn(err.Error() + "; training goes on")
	}
	return nil
}

func (p *patient) begin(stage int) error { return p.note(p.printer.begin(stage)) }

func (p *patient) epoch(e train.Epoch, found findings) error {
	if p.failed != nil {
		return nil
	}
	return p.note(p.printer.epoch(e, found))
}
