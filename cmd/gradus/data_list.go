package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"gradus/data/catalog"
	"gradus/data/source"
	"gradus/internal/table"
)

type dataListCommand struct {
	root string
	json bool
}

func newDataList() *cobra.Command {
	l := &dataListCommand{}
	cmd := &cobra.Command{
		Use:   "list",
		Short: "List the data sets that have names",
		Long: `List the data sets that --data takes by name, with the numbers of their classes and
samples, and where they are. Files are not read: "gradus data verify" does.`,
		Example: `  gradus data list
  gradus data list --data-root /srv/data --json`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return l.run(cmd) },
	}
	dataRootFlag(cmd, &l.root)
	cmd.Flags().BoolVar(&l.json, "json", false, "print JSON")
	return cmd
}

// listedSet is a line of the list.
type listedSet struct {
	Name    string   `json:"name"`
	Title   string   `json:"title"`
	Classes int      `json:"classes"`
	Train   int      `json:"train"`
	Test    int      `json:"test"`
	Mirrors []string `json:"mirrors"`
	Folder  string   `json:"folder"`
	Inside  bool     `json:"inside_program,omitempty"`
	Fetched bool     `json:"fetched"`
}

func (l *dataListCommand) run(cmd *cobra.Command) error {
	root, err := catalog.Root(l.root)
	if err != nil {
		return misuseError{err}
	}
	var list []listedSet
	for _, s := range catalog.Sets() {
		list = append(list, listedSet{
			Name: s.Name, Title: s.Title, Classes: s.Classes, Train: s.Samples[0], Test: s.Samples[1],
			Mirrors: s.Mirrors, Folder: s.Folder(root), Inside: source.IsEmbedded(s.Name), Fetched: s.IsThere(root),
		})
	}
	if l.json {
		return writeJSON(cmd.OutOrStdout(), list)
	}
	return writeSets(cmd.OutOrStdout(), list)
}

func writeSets(w io.Writer, list []listedSet) error {
	rows := [][]string{{"name", "set", "where", "classes", "train", "test"}}
	for _, s := range list {
		where := "not here"
		switch {
		case s.Inside:
			where = "inside the program"
		case s.Fetched:
			where = s.Folder
		}
		rows = append(rows, []string{s.Name, s.Title, where, fmt.Sprint(s.Classes), fmt.Sprint(s.Train), fmt.Sprint(s.Test)})
	}
	_, err := io.WriteString(w, table.Text(rows, 3))
	return unwritten(err)
}
