package main

import (
	"github.com/spf13/cobra"

	"gradus/run"
)

func newRunsRemove() *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "rm <folder>...",
		Short: "Remove runs",
		Long: `Remove the folders of runs. One that a process is training is refused, and one with files
in it that are no run's; of such a folder nothing is removed.`,
		Example: `  gradus runs rm runs/first runs/second`,
		Args:    runFolders(1),
		RunE: func(cmd *cobra.Command, folders []string) error {
			removed := []string{}
			var failed error
			for _, folder := range folders {
				if failed = run.Remove(folder); failed != nil {
					break
				}
				removed = append(removed, folder)
			}
			if asJSON {
				return both(failed, writeJSON(cmd.OutOrStdout(), map[string][]string{"removed": removed}))
			}
			return failed
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print what was removed as JSON")
	return cmd
}
