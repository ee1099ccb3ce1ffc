package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"gradus/data/catalog"
	"gradus/data/fetch"
)

type dataFetchCommand struct {
	root    string
	mirrors []string
	timeout time.Duration
	json    bool
}

func newDataFetch() *cobra.Command {
	f := &dataFetchCommand{timeout: 30 * time.Second}
	cmd := &cobra.Command{
		Use:   "fetch NAME...",
		Short: "Download data sets",
		Long: `Download data sets from their public mirrors, one after the other until one has the file.
Files that are there and right are kept; damaged ones are replaced. No file gets its name
before its digest was found right. A download that was cut, or interrupted by Ctrl-C, goes
on where it stopped when the command is given again.

The sets of EMNIST come in one archive of about 560 MB: fetching one fetches all.`,
		Example: `  gradus data fetch fashionmnist
  gradus data fetch kmnist qmnist --data-root /srv/data
  gradus data fetch mnist --mirror http://intranet.example/mnist/`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("data fetch: expected the name of a data set, got nothing; gradus data list has the names")
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, args []string) error { return f.run(cmd, args) },
		ValidArgsFunction: completeSets(false),
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	dataRootFlag(cmd, &f.root)
	flags.StringArrayVar(&f.mirrors, "mirror", nil, "`address` of a folder to take the files from, in place of the public mirrors; may be repeated")
	flags.DurationVar(&f.timeout, "timeout", f.timeout, "how long a server may send nothing, or less than 1 kB/s")
	flags.BoolVar(&f.json, "json", false, "print a JSON object per file")
	complete(cmd, "mirror", cobra.ShellCompDirectiveNoFileComp)
	complete(cmd, "timeout", cobra.ShellCompDirectiveNoFileComp)
	return cmd
}

func (f *dataFetchCommand) run(cmd *cobra.Command, args []string) error {
	var sets []catalog.Set
	for _, arg := range args {
		set, err := findSet(arg)
		if err != nil {
			return err
		}
		sets = append(sets, set)
	}
	for _, m := range f.mirrors {
		if u, err := url.Parse(m); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return misuse("mirror: expected an address that begins with http:// or https://, got %.80q", m)
		}
	}
	if f.timeout <= 0 {
		return misuse("timeout: expected more than 0, got %v", f.timeout)
	}
	root, err := catalog.Root(f.root)
	if err != nil {
		return misuseError{err}
	}
	ctx, stop := withSignals(cmd.Context(), "the same command goes on from here")
	defer stop()
	bar := newTransfers(cmd.ErrOrStderr())
	defer bar.clear()
	var unwritten error
	for _, set := range sets {
		_, err := fetch.Fetch(ctx, set, fetch.Options{
			Root: root, Mirrors: f.mirrors, Stall: f.timeout,
			Progress: bar.report,
			Notice:   func(line string) { bar.clear(); printWarning(cmd.ErrOrStderr(), line) },
			Done: func(r fetch.Result) {
				bar.clear()
				if err := f.print(cmd, set, r); err != nil {
					unwritten = err
				}
			},
		})
		bar.clear()
		if i := (interruption{}); errors.As(err, &i) {
			return i
		}
		if err := errors.Join(err, unwritten); err != nil {
			return err
		}
	}
	return nil
}

// fetched is a file as JSON has it.
type fetched struct {
	Set   string `json:"set"`
	Path  string `json:"path"`
	Bytes int64  `json:"bytes"`
	From  string `json:"from,omitempty"` // where it was there already, nothing
}

func (f *dataFetchCommand) print(cmd *cobra.Command, set catalog.Set, r fetch.Result) error {
	line := fmt.Sprintf("%s: right, %d bytes, there already", r.Path, r.Bytes)
	if r.From != "" {
		line = fmt.Sprintf("%s: right, %d bytes from %s", r.Path, r.Bytes, r.From)
	}
	if f.json {
		text, err := json.Marshal(fetched{set.Name, r.Path, r.Bytes, r.From})
		if err != nil {
			return err
		}
		line = string(text)
	}
	return writeLine(cmd.OutOrStdout(), oneLine.Replace(line))
}

// findSet returns the set with a name.
func findSet(name string) (catalog.Set, error) {
	if set, ok := catalog.Find(name); ok {
		return set, nil
	}
	if strings.EqualFold(name, "emnist") { // all of its sets are one download
		set, _ := catalog.Find("emnist-balanced")
		return set, nil
	}
	hint := "; gradus data list has the names"
	if near, ok := catalog.Nearest(name); ok {
		hint = fmt.Sprintf("; did you mean %s?", near)
	}
	return catalog.Set{}, misuse("data fetch: expected the name of a data set, got %.40q%s", name, hint)
}
