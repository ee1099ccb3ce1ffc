package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"gradus/data/catalog"
	"gradus/data/source"
)

type dataVerifyCommand struct {
	root string
	json bool
}

func newDataVerify() *cobra.Command {
	v := &dataVerifyCommand{}
	cmd := &cobra.Command{
		Use:   "verify PATH|NAME...",
		Short: "Check files, folders and fetched data sets",
		Long: `Read files, folders or fetched data sets to the last byte and say what is in them. Exit
code 0 means that all is right; 1 comes with one line that names the first thing that is
not.

A PATH is an IDX file, packed by gzip or not; a PNG or JPEG image; or a folder that --data
takes. A NAME is one of "gradus data list"; a path of that name comes first. Files of
published sets are compared with the published digests, packed or unpacked. Of other files
the form alone can be checked.`,
		Example: `  gradus data verify fashionmnist
  gradus data verify ~/digits
  gradus data verify train-images-idx3-ubyte.gz --json`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return misuse("data verify: expected a file, a folder or the name of a data set, got nothing")
			}
			return nil
		},
		RunE:              func(cmd *cobra.Command, args []string) error { return v.run(cmd, args) },
		ValidArgsFunction: completeSets(true),
	}
	dataRootFlag(cmd, &v.root)
	cmd.Flags().BoolVar(&v.json, "json", false, "print JSON")
	return cmd
}

func (v *dataVerifyCommand) run(cmd *cobra.Command, args []string) error {
	all := []source.Verified{}
	for _, arg := range args {
		list, err := v.verify(arg)
		if err != nil {
			return err
		}
		all = append(all, list...)
	}
	if v.json {
		return writeJSON(cmd.OutOrStdout(), all)
	}
	return writeVerified(cmd.OutOrStdout(), all)
}

func (v *dataVerifyCommand) verify(arg string) ([]source.Verified, error) {
	if _, err := os.Lstat(arg); err == nil {
		return source.Verify(arg)
	}
	set, ok := catalog.Find(arg)
	if !ok {
		return source.Verify(arg)
	}
	root, err := catalog.Root(v.root)
	if err != nil {
		return nil, misuseError{err}
	}
	return source.VerifyNamed(set, root)
}

func writeVerified(w io.Writer, list []source.Verified) error {
	for _, v := range list {
		line := v.Path + ": right: " + v.What
		if v.Published != "" {
			line += fmt.Sprintf(", of %s (%s)", v.Set, v.Published)
		}
		if err := writeLine(w, oneLine.Replace(line)); err != nil {
			return err
		}
	}
	return nil
}
