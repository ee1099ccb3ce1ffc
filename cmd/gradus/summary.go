package main

import (
	"strings"

	"github.com/spf13/cobra"

	"gradus/data"
	"gradus/data/source"
	"gradus/graph"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/run"
	"gradus/summary"
	"gradus/train"
	"gradus/zoo"
)

type summaryCommand struct {
	config     run.Config
	configFile string
	training   bool
	program    bool
	json       bool
}

func newSummary() *cobra.Command {
	s := &summaryCommand{config: run.DefaultConfig()}
	cmd := &cobra.Command{
		Use:   "summary",
		Short: "Show a network's layers, parameters and multiply-adds",
		Long: `Show what a network is made of: its layers with the shapes of their results and their
multiply-adds per sample, and its parameters, named and ordered as PyTorch's.

Shapes are [samples channels rows columns]. Nothing is trained or computed.`,
		Example: `  gradus summary
  gradus summary --net residual --depth 3 --training
  gradus summary --program
  gradus summary --config settings.json --json`,
		Args: flagsOnly,
		RunE: func(cmd *cobra.Command, _ []string) error { return s.run(cmd) },
	}
	networkFlags(cmd, &s.config)
	configFlag(cmd, &s.configFile)
	cmd.Flags().BoolVar(&s.training, "training", false, "summarise a training step: loss, gradients and update included")
	cmd.Flags().BoolVar(&s.program, "program", false, "print the program, operation by operation")
	cmd.Flags().BoolVar(&s.json, "json", false, "print JSON")
	return cmd
}

func (s *summaryCommand) run(cmd *cobra.Command) error {
	if err := settle(cmd.Flags(), &s.config, nil, s.configFile); err != nil {
		return err
	}
	set, err := source.Sizes(s.config.Data, s.config.DataRoot)
	if err != nil {
		return err
	}
	p, err := s.trace(set)
	if err != nil {
		return misuseError{err}
	}
	out := cmd.OutOrStdout()
	switch {
	case s.program && s.json:
		return writeJSON(out, p)
	case s.program:
		return writeLine(out, strings.TrimSuffix(p.String(), "\n"))
	case s.json:
		return writeJSON(out, summary.Of(p))
	}
	return unwritten(summary.Of(p).WriteText(out))
}

// trace makes the program to be shown.
func (s *summaryCommand) trace(set *data.Set) (*graph.Program, error) {
	model, err := zoo.New(random.New(s.config.Seed, "init"), s.config.Network(set))
	if err != nil {
		return nil, err
	}
	if s.training {
		return train.TrainingProgram(model, train.InputOf(set), s.config.Batch, op.CrossEntropyLosses, optim.SGD{})
	}
	return train.ApplyProgram(model, train.InputOf(set), s.config.Batch)
}
