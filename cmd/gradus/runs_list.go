package main

import (
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"gradus/internal/table"
	"gradus/run"
)

func newRunsList() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "list [folder]...",
		Short: "List the runs in folders",
		Long: `List the runs in folders, by name: how far they are, and their errors in percent. Without
a folder it is the one called runs.`,
		Example: `  gradus runs list
  gradus runs list runs --json`,
		RunE: func(cmd *cobra.Command, folders []string) error {
			if len(folders) == 0 {
				folders = []string{"runs"}
			}
			runs := []*run.Overview{}
			for _, folder := range folders {
				list, err := run.List(folder)
				if err != nil {
					return err
				}
				runs = append(runs, list...)
			}
			if asJSON {
				return writeJSON(cmd.OutOrStdout(), runs)
			}
			rows := [][]string{{"run", "state", "epochs", "step", "train error", "error", "best"}}
			for _, o := range runs {
				rows = append(rows, listRow(o))
			}
			warn(cmd, runs)
			for _, o := range runs {
				if o.State == run.Broken {
					printWarning(cmd.ErrOrStderr(), o.Fault)
				}
			}
			return writeLine(cmd.OutOrStdout(), strings.TrimSuffix(table.Text(rows, 2), "\n"))
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print JSON")
	return cmd
}

func listRow(o *run.Overview) []string {
	row := []string{quoted(o.Path), string(o.State)}
	if o.State == run.Broken {
		return row
	}
	return slices.Concat(row, []string{epochsOf(o), strconv.Itoa(o.Step)}, errorsOf(o))
}
