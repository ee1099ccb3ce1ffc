package main

import (
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/data/catalog"
	"gradus/nn"
	"gradus/run"
	"gradus/zoo"
)

// networkFlags binds the settings that describe a network, its data, and how many
// samples it is given at once.
func networkFlags(cmd *cobra.Command, c *run.Config) {
	modelFlags(cmd, c)
	cmd.Flags().Var(intValue(&c.Batch), "batch", "samples per step")
	complete(cmd, "batch", cobra.ShellCompDirectiveNoFileComp)
}

// modelFlags binds the settings that describe a network and its data.
func modelFlags(cmd *cobra.Command, c *run.Config) {
	var activations []string
	for _, a := range nn.Activations() {
		activations = append(activations, string(a))
	}
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&c.Net, "net", c.Net, "`name` of the network: "+list(zoo.Networks()))
	f.Var(intValue(&c.Depth), "depth", "convolutions or blocks in each of the three stacks")
	f.Var(intValue(&c.Kernel), "kernel", "rows and columns of the kernels, odd")
	f.StringVar(&c.Activation, "activation", c.Activation, "`name` of the activation: "+list(activations))
	f.Var(optionalNumber(&c.Alpha), "alpha", "initial `value` in the blocks of the net convex; sigmoid(alpha) weighs their convolutions (default 0)")
	f.BoolVar(&c.AlphaPerChannel, "alpha-per-channel", c.AlphaPerChannel, "an alpha for each channel of a block of the net convex, not one for the block")
	f.StringVar(&c.Data, "data", c.Data, "`set`: a name of gradus data list, or a folder of IDX files or of images")
	dataRootFlag(cmd, &c.DataRoot)

	complete(cmd, "net", cobra.ShellCompDirectiveNoFileComp, zoo.Networks()...)
	complete(cmd, "activation", cobra.ShellCompDirectiveNoFileComp, activations...)
	complete(cmd, "data", cobra.ShellCompDirectiveDefault, catalog.Names()...)
	for _, name := range []string{"depth", "kernel", "alpha"} {
		complete(cmd, name, cobra.ShellCompDirectiveNoFileComp)
	}
}

// list is some words as a sentence has them: a, b or c.
func list(words []string) string {
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// trainingFlags binds the settings of training itself.
func trainingFlags(cmd *cobra.Command, c *run.Config) {
	f := cmd.Flags()
	f.Var(optionalText(&c.Schedule), "schedule", "`stages` of training, each LRxEPOCHS (default \"0.07x2,0.01x3\")")
	f.Var(optionalNumber(&c.LearningRate), "lr", "`rate` of learning, in place of a schedule")
	f.Var(optionalCount(&c.Epochs), "epochs", "`number` of epochs with --lr (default 5)")
	stepFlags(cmd, c)
	f.Var(intValue(&c.Validation), "validation", "training samples to hold out and look at after each epoch in place of the test set")
	for _, name := range []string{"schedule", "lr", "epochs", "validation"} {
		complete(cmd, name, cobra.ShellCompDirectiveNoFileComp)
	}
}

// stepFlags binds the settings of a training's steps.
func stepFlags(cmd *cobra.Command, c *run.Config) {
	f := cmd.Flags()
	f.Var(float64Value(&c.Momentum), "momentum", "momentum of stochastic gradient descent")
	f.Var(uint64Value(&c.Seed), "seed", "of the first weights and the order of the samples")
	f.Var(intValue(&c.Threads), "threads", "threads, at most 256; 0 for all cores; changes no bit of the result")
	for _, name := range []string{"momentum", "seed", "threads"} {
		complete(cmd, name, cobra.ShellCompDirectiveNoFileComp)
	}
}

// configFlag binds the name of a configuration file.
func configFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "config", "", "JSON `file` of settings, named as the flags; flags win over it")
	if err := cmd.MarkFlagFilename("config", "json"); err != nil {
		panic(err)
	}
}

// complete tells the shell which values a flag has.
func complete(cmd *cobra.Command, flag string, directive cobra.ShellCompDirective, values ...string) {
	if err := cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(values, directive)); err != nil {
		panic(err)
	}
}

// settle makes c what the defaults, or the settings to begin with in their place,
// the configuration file and the flags say together, later ones winning, and
// checks it. The flags are bound to c.
func settle(flags *pflag.FlagSet, c, base *run.Config, file string) error {
	if err := gather(flags, c, base, file); err != nil {
		return err
	}
	if err := c.Check(); err != nil {
		return misuseError{err}
	}
	return nil
}

// gather is settle without the check.
func gather(flags *pflag.FlagSet, c, base *run.Config, file string) error {
	configured := flags.Changed("config")
	if !configured && base == nil {
		return nil
	}
	if configured && file == "" {
		return misuse("config: expected a file, got nothing")
	}
	given := map[*pflag.Flag]string{}
	flags.Visit(func(f *pflag.Flag) { given[f] = f.Value.String() })
	if base != nil {
		*c = *base
	}
	if configured {
		if err := c.ReadConfig(file); err != nil {
			return misuseError{err}
		}
	}
	// One way of saying how long to train replaces the other.
	if flags.Changed("schedule") {
		c.LearningRate, c.Epochs = nil, nil
	}
	if flags.Changed("lr") || flags.Changed("epochs") {
		c.Schedule = nil
	}
	for f, text := range given {
		if err := f.Value.Set(text); err != nil {
			return misuse("%s: %w", f.Name, err)
		}
	}
	return nil
}
