package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/bench"
	"gradus/reproduce"
	"gradus/run"
)

type reproduceCommand struct {
	seeds   int
	only    []string
	out     string
	force   bool
	workers int
	json    bool
	study   string
	notices []string // of the plan
}

// convexStudy is what --study can ask for.
const convexStudy = "convex"

func newReproduce() *cobra.Command {
	r := &reproduceCommand{seeds: 1}
	cmd := &cobra.Command{
		Use:   "reproduce",
		Short: "Do the experiments of the problem set, and report on them",
		Long: `Train the networks of all experiments of the problem set on MNIST, one training per
core, and compare the errors with the notebook's and with PyTorch's.

With --out a folder gets report.html, one file to look at, report.md and results.json.
The same seeds give the same numbers, with any number of workers. A training that fails is
counted, and the means are of those that train. Ctrl-C keeps what is finished.

Exit code 4: some trainings failed.`,
		Example: `  gradus reproduce --out report
  gradus reproduce --only f,g,h --seeds 5
  gradus reproduce --seeds 20 --out report --force
  gradus reproduce --study convex --out convex`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return r.run(cmd) },
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.Var(intValue(&r.seeds), "seeds", "`number` of trainings of each setting, with the seeds 1, 2, ...")
	f.StringSliceVar(&r.only, "only", nil, "`experiments` to do, for instance a,d,g; all if not given")
	f.StringVar(&r.out, "out", "", "`folder` for the report, empty or not there yet")
	f.BoolVar(&r.force, "force", false, "replace an earlier report in the folder, if nothing else is there")
	f.Var(intValue(&r.workers), "workers", "trainings at a time, at most 256; 0 for one per core; changes no number")
	f.StringVar(&r.study, "study", "", "a `question` in place of the experiments: convex; 3 seeds if not given")
	f.BoolVar(&r.json, "json", false, "print the results as JSON, in place of lines")
	var ids []string
	for _, e := range reproduce.Experiments() {
		ids = append(ids, e.ID)
	}
	if err := cmd.RegisterFlagCompletionFunc("only", completeList(ids)); err != nil {
		panic(err)
	}
	complete(cmd, "study", cobra.ShellCompDirectiveNoFileComp, convexStudy)
	complete(cmd, "seeds", cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "workers", cobra.ShellCompDirectiveNoFileComp)
	if err := cmd.MarkFlagDirname("out"); err != nil {
		panic(err)
	}
	return cmd
}

// finding is what a reproduction or a study gives.
type finding interface {
	Files() (reproduce.Files, error)
	JSON() ([]byte, error)
	WriteText(w io.Writer) error
	Failures() (failed []string, all int)
	Part() *reproduce.Partial
}

// task is what there is to do.
type task func(ctx context.Context, sets *run.Sets, o reproduce.Options) (finding, error)

func (r *reproduceCommand) run(cmd *cobra.Command) error {
	do, err := r.task(cmd.Flags())
	if err != nil {
		return misuseError{err}
	}
	folder, err := r.folder(cmd.Flags())
	if err != nil {
		return misuseError{err}
	}
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		return err
	}
	for _, line := range r.notices {
		fmt.Fprintln(cmd.ErrOrStderr(), "gradus: "+line)
	}
	if folder != nil {
		if err := folder.Prepare(); err != nil {
			return err
		}
	}
	ctx, stop := withSignals(cmd.Context(), nothingSaved)
	defer stop()
	found, err := r.follow(ctx, cmd, do, sets)
	if found == nil {
		if folder != nil {
			folder.Abandon()
		}
		return err
	}
	if e := r.print(cmd.OutOrStdout(), found); e != nil {
		return e
	}
	if folder != nil {
		if e := r.save(cmd.ErrOrStderr(), folder, found); e != nil {
			return e
		}
	}
	if part := found.Part(); part != nil {
		return stoppedSweep{err, part.Ended, part.Of}
	}
	if failed, all := found.Failures(); len(failed) > 0 {
		return failedReproduction{failedTrainings{len(failed), all}, failed}
	}
	return nil
}

// failedReproduction says also which trainings failed.
type failedReproduction struct {
	failedTrainings
	names []string
}

func (f failedReproduction) Unwrap() error { return f.failedTrainings }

func (f failedReproduction) Error() string {
	names := f.names
	if len(names) > 5 {
		names = append(slices.Clone(names[:5]), "...")
	}
	return f.failedTrainings.Error() + ": " + strings.Join(names, "; ") + "; the means are of the others"
}

// completeList completes the last name of a list with commas between them.
func completeList(names []string) cobra.CompletionFunc {
	return func(_ *cobra.Command, _ []string, typed string) ([]string, cobra.ShellCompDirective) {
		before := typed[:strings.LastIndex(typed, ",")+1]
		given := strings.Split(before, ",")
		var list []string
		for _, name := range names {
			if !slices.Contains(given, name) {
				list = append(list, before+name)
			}
		}
		return list, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	}
}

// save writes the report.
func (r *reproduceCommand) save(w io.Writer, folder *reproduce.Folder, found finding) error {
	files, err := found.Files()
	if err != nil {
		return err
	}
	if err := folder.Write(files); err != nil {
		return err
	}
	return writeLine(w, r.out+": report.html, report.md, results.json")
}

// task checks the flags and says what to do.
func (r *reproduceCommand) task(flags *pflag.FlagSet) (task, error) {
	if r.workers < 0 || r.workers > 256 {
		return nil, fmt.Errorf("workers: expected 0 to 256, got %d", r.workers)
	}
	if flags.Changed("only") && len(r.only) == 0 {
		return nil, errors.New("only: expected some experiments, got nothing")
	}
	if !flags.Changed("study") {
		plan, err := reproduce.NewPlan(r.only, r.seeds)
		if err != nil {
			return nil, err
		}
		r.notices = plan.Notices
		return func(ctx context.Context, sets *run.Sets, o reproduce.Options) (finding, error) {
			found, err := plan.Run(ctx, sets, o)
			if found == nil {
				return nil, err // and no finding that holds nil
			}
			return found, err
		}, nil
	}
	if r.study != convexStudy {
		return nil, fmt.Errorf("study: expected %s, got %.40q", convexStudy, r.study)
	}
	if flags.Changed("only") {
		return nil, errors.New("only: expected experiments or a study, got both")
	}
	seeds := r.seeds
	if !flags.Changed("seeds") {
		seeds = reproduce.ConvexSeeds
	}
	study, err := reproduce.NewConvexStudy(seeds)
	return func(ctx context.Context, sets *run.Sets, o reproduce.Options) (finding, error) {
		found, err := study.Run(ctx, sets, o)
		if found == nil {
			return nil, err
		}
		return found, err
	}, err
}

// folder is where the report goes, nil for nowhere.
func (r *reproduceCommand) folder(flags *pflag.FlagSet) (*reproduce.Folder, error) {
	if flags.Changed("out") {
		return reproduce.OpenFolder(r.out, r.force)
	}
	if r.force {
		return nil, errors.New("force: expected --out with a folder, got none")
	}
	return nil, nil
}

// follow does the task, with its lines and its progress.
func (r *reproduceCommand) follow(ctx context.Context, cmd *cobra.Command, do task, sets *run.Sets) (finding, error) {
	workers := r.workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	bar := newShareBar(cmd.ErrOrStderr())
	defer bar.clear()
	o := reproduce.Options{Version: version(), Machine: machine(), Workers: workers, Progress: bar.report}
	if !r.json {
		o.Lines = clearing{bar, cmd.OutOrStdout()}
	}
	return do(ctx, sets, o)
}

func machine() reproduce.Machine {
	m := bench.ThisMachine()
	return reproduce.Machine{Processor: m.Processor, Cores: m.Cores, System: m.System}
}

// print writes what is not in the lines of the trainings.
func (r *reproduceCommand) print(w io.Writer, found finding) error {
	if r.json {
		text, err := found.JSON()
		if err != nil {
			return err
		}
		_, err = w.Write(text)
		return unwritten(err)
	}
	return unwritten(found.WriteText(w))
}
