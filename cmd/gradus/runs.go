package main

import (
	"fmt"
	"strconv"

	"github.com/spf13/cobra"

	"gradus/report"
	"gradus/run"
)

func newRuns() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "runs",
		Short: "List, show, compare and remove runs that were kept",
		Long: `Look at the folders that "gradus train --out" makes. Runs that a kill left half written
are marked and not hidden.`,
		Example: `  gradus runs list runs
  gradus runs show runs/first
  gradus runs compare runs/first runs/second
  gradus runs rm runs/first`,
		Args: knownCommand,
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		// Without it the usage says [flags], which are --help.
		DisableFlagsInUseLine: true,
	}
	cmd.AddCommand(newRunsList(), newRunsShow(), newRunsCompare(), newRunsRemove())
	return cmd
}

// runFolders wants at least so many arguments, and says what they are.
func runFolders(least int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < least {
			return misuse("%s: expected the folders of at least %d runs, got %d", cmd.CommandPath()[len("gradus "):], least, len(args))
		}
		return nil
	}
}

// epochsOf says how many epochs of a run are done.
func epochsOf(o *run.Overview) string { return fmt.Sprintf("%d/%d", o.Epochs, o.Of) }

// errorsOf are the training error of the last record, its error on what epochs
// are measured on, and the best of these.
func errorsOf(o *run.Overview) []string {
	last := o.Last()
	if last == nil {
		return []string{"", "", ""}
	}
	return []string{report.Percent(last.TrainError), report.Percent(last.Measured()), report.Percent(o.Best().Measured())}
}

// warn says what is wrong with the logs of runs.
func warn(cmd *cobra.Command, runs []*run.Overview) {
	for _, o := range runs {
		for _, notice := range o.Notices {
			printWarning(cmd.ErrOrStderr(), notice)
		}
	}
}

// firstBroken is the first run that cannot be read, as an error.
func firstBroken(runs []*run.Overview) error {
	for _, o := range runs {
		if o.State == run.Broken {
			return fmt.Errorf("%s", o.Fault)
		}
	}
	return nil
}

// quoted is a path on one line.
func quoted(path string) string {
	if q := strconv.Quote(path); q != `"`+path+`"` {
		return q
	}
	return path
}
