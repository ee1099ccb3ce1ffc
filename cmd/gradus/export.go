package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

type exportCommand struct {
	trained trainedFlags
	out     string
}

func newExport() *cobra.Command {
	e := &exportCommand{trained: newTrainedFlags()}
	cmd := &cobra.Command{
		Use:   "export",
		Short: "Write a trained network's weights for other programs",
		Long: `Write the weights of a trained network as a safetensors file, with PyTorch's names and
nothing else in it: PyTorch loads it into the same network, and --weights reads it.`,
		Example: `  gradus export --run runs/first --out first.safetensors
  gradus export --run runs/first --checkpoint last --out last.safetensors`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return e.run(cmd) },
	}
	e.trained.bind(cmd)
	cmd.Flags().StringVar(&e.out, "out", "", "`file` to write, named *.safetensors; one that is there is replaced as a whole")
	if err := cmd.MarkFlagFilename("out", "safetensors"); err != nil {
		panic(err)
	}
	return cmd
}

func (e *exportCommand) run(cmd *cobra.Command) error {
	if err := e.trained.check(cmd.Flags()); err != nil {
		return err
	}
	if !strings.EqualFold(filepath.Ext(e.out), ".safetensors") {
		return misuse("out: expected a file that ends in .safetensors, got %.80q", e.out)
	}
	t, err := e.trained.open()
	if err != nil {
		return err
	}
	if err := t.Save(e.out); err != nil {
		return err
	}
	n := 0
	for _, p := range t.Parameters {
		n += len(p.Tensor.Data)
	}
	return writeLine(cmd.OutOrStdout(), fmt.Sprintf("%s: %d parameters of %s", quoted(e.out), n, quoted(t.Path)))
}
