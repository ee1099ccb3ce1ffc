package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/table"
	"gradus/run"
)

func newRunsCompare() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "compare <folder> <folder>...",
		Short: "Compare runs: what differs, and what came of it",
		Long: `Compare runs: the settings in which they differ, and their errors in percent. Runs on
other data, whatever its name, are pointed out.`,
		Example: `  gradus runs compare runs/first runs/second`,
		Args:    runFolders(2),
		RunE: func(cmd *cobra.Command, folders []string) error {
			var runs []*run.Overview
			for _, folder := range folders {
				runs = append(runs, run.Look(folder))
			}
			if err := firstBroken(runs); err != nil {
				return err
			}
			warn(cmd, runs)
			for _, o := range runs[1:] {
				if o.About.Data != runs[0].About.Data {
					printWarning(cmd.ErrOrStderr(), quoted(o.Path)+": trained on other data than "+quoted(runs[0].Path))
				}
			}
			names := differing(runs)
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), struct {
					Differing []string        `json:"differing"`
					Runs      []*run.Overview `json:"runs"`
				}{names, runs})
			}
			rows := [][]string{slices.Concat([]string{"run"}, names, []string{"state", "epochs", "train error", "error", "best"})}
			for _, o := range runs {
				rows = append(rows, slices.Concat([]string{quoted(o.Path)}, settingsOf(o, names), []string{string(o.State), epochsOf(o)}, errorsOf(o)))
			}
			return writeLine(cmd.OutOrStdout(), strings.TrimSuffix(table.Text(rows, 1+len(names)+1), "\n"))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

// differing are the settings in which runs differ.
func differing(runs []*run.Overview) []string {
	names := []string{}
	for _, setting := range run.SettingNames() {
		first := runs[0].About.Settings.Setting(setting)
		if slices.ContainsFunc(runs, func(o *run.Overview) bool { return o.About.Settings.Setting(setting) != first }) {
			names = append(names, setting)
		}
	}
	return names
}

func settingsOf(o *run.Overview, names []string) []string {
	var values []string
	for _, name := range names {
		values = append(values, o.About.Settings.Setting(name))
	}
	return values
}
