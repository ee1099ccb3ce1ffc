package main

import (
	"github.com/spf13/cobra"

	"gradus/data/catalog"
)

func newData() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "data",
		Short: "List, fetch, verify and show data sets",
		Long: `List, fetch, verify and show data sets.

MNIST is inside the program. Other sets are fetched once and lie in a folder: --data-root,
or $GRADUS_DATA, or $XDG_CACHE_HOME/gradus, or ~/.cache/gradus, laid out as torchvision
does it. Nothing but "gradus data fetch" uses the network.`,
		Example: `  gradus data list
  gradus data fetch fashionmnist
  gradus data verify fashionmnist
  gradus data show fashionmnist
  gradus train --data fashionmnist`,
		Args:                  knownCommand,
		RunE:                  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
		DisableFlagsInUseLine: true,
	}
	cmd.AddCommand(newDataList(), newDataFetch(), newDataVerify(), newDataShow())
	return cmd
}

// dataRootFlag binds the folder of fetched sets.
func dataRootFlag(cmd *cobra.Command, root *string) {
	cmd.Flags().StringVar(root, "data-root", *root, "`folder` of fetched data sets, in place of the usual one")
	if err := cmd.MarkFlagDirname("data-root"); err != nil {
		panic(err)
	}
}

// completeSets offers the names of sets for arguments; files says whether paths are arguments, too.
func completeSets(files bool) cobra.CompletionFunc {
	directive := cobra.ShellCompDirectiveNoFileComp
	if files {
		directive = cobra.ShellCompDirectiveDefault
	}
	return cobra.FixedCompletions(catalog.Names(), directive)
}
