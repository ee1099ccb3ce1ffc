package main

import (
	"io"
	"os"
	"regexp"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"gradus/bench"
	"gradus/data/catalog"
	"gradus/run"
)

type benchCommand struct {
	options bench.Options
	pattern string
	data    string
	list    bool
	json    bool

	checkpoint bool
}

func newBench() *cobra.Command {
	b := &benchCommand{data: run.MNIST}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure how fast this machine trains, and how fast it could",
		Long: `Measure epochs of training, evaluation, batches of odd sizes and single layers, and
compare each with the peak of this machine: fused multiply-adds in registers, measured
just before and after with the same instruction set and as many cores.

Epochs are trained as "gradus train" does it, and are as long as the seconds it reports.
It takes about a minute; portable code takes several. Nothing else should be running.`,
		Example: `  gradus bench
  gradus bench --run networks/plain --isa avx2
  gradus bench --run 'layers/conv.*k3' --quick
  gradus bench --run plain-d1-b16 --profile
  gradus bench --checkpoint`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return b.run(cmd) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&b.options.ISA, "isa", "", "instruction `set` of the kernels: "+strings.Join(bench.InstructionSets(), ", ")+"; none for the fastest")
	f.IntVar(&b.options.Threads, "threads", 0, "threads to compare one with, at most 256; 0 for all cores")
	f.StringVar(&b.pattern, "run", "", "regular `expression`: measure only what has a matching name")
	f.BoolVar(&b.list, "list", false, "list the names of what can be measured, and measure nothing")
	f.BoolVar(&b.options.Profile, "profile", false, "show where the time of a training step goes, in place of measuring; one thread")
	f.BoolVar(&b.options.Quick, "quick", false, "take fewer and shorter samples")
	f.StringVar(&b.data, "data", b.data, "`set`: a name of gradus data list, or a folder of IDX files or of images")
	f.BoolVar(&b.checkpoint, "checkpoint", false, "measure what it costs to keep a run, in place of everything else; it is kept in TMPDIR")
	f.BoolVar(&b.json, "json", false, "print JSON")
	complete(cmd, "isa", cobra.ShellCompDirectiveNoFileComp, bench.InstructionSets()...)
	complete(cmd, "threads", cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "run", cobra.ShellCompDirectiveNoFileComp, bench.Options{}.Selected()...)
	complete(cmd, "data", cobra.ShellCompDirectiveDefault, catalog.Names()...)
	return cmd
}

func (b *benchCommand) run(cmd *cobra.Command) error {
	if b.pattern != "" {
		pattern, err := regexp.Compile(b.pattern)
		if err != nil {
			return misuse("run: expected a regular expression, got %.40q", b.pattern)
		}
		b.options.Run = pattern
	}
	if err := b.options.Check(); err != nil {
		return misuseError{err}
	}
	out := cmd.OutOrStdout()
	if b.list {
		return writeLine(out, strings.Join(b.options.Selected(), "\n"))
	}
	sets, err := run.OpenSets(b.data)
	if err != nil {
		return err
	}
	b.options.Train, b.options.Test = sets.Train, sets.Test
	ctx, stop := withSignals(cmd.Context(), nothingSaved)
	defer stop()
	if b.checkpoint {
		cost, err := bench.Checkpoint(ctx, sets, b.options.Threads, "")
		switch {
		case err != nil:
			return err
		case b.json:
			return writeJSON(out, cost)
		}
		return unwritten(cost.WriteText(out))
	}
	bar := newCounter(cmd.ErrOrStderr())
	b.options.Progress = bar.report
	report, err := bench.Run(ctx, b.options)
	bar.clear()
	switch {
	case err != nil:
		return err
	case b.json:
		return writeJSON(out, report)
	}
	return unwritten(report.WriteText(out))
}

// counter shows on a terminal what is being measured, and nothing elsewhere.
type counter struct {
	out  io.Writer
	name atomic.Value // string
	bars *mpb.Progress
	bar  *mpb.Bar
}

func newCounter(out io.Writer) *counter {
	if os.Getenv("TERM") == "dumb" {
		out = io.Discard
	}
	return &counter{out: out}
}

// seldom is how often the line is drawn: to draw it takes time from what is
// measured.
const seldom = time.Second

func (c *counter) report(name string, done, of int) {
	c.name.Store(name)
	if c.bar == nil {
		c.bars = mpb.New(mpb.WithOutput(c.out), mpb.WithWidth(64), mpb.WithRefreshRate(seldom))
		c.bar = c.bars.AddBar(int64(of), mpb.BarRemoveOnComplete(),
			mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return c.name.Load().(string) })))
	}
	c.bar.SetCurrent(int64(done))
}

// clear takes the bar away.
func (c *counter) clear() {
	if c.bar != nil {
		c.bar.Abort(true)
		c.bars.Wait()
		c.bar = nil
	}
}
