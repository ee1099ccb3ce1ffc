package main

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gradus/run"
	"gradus/train"
)

// trainedFlags say which trained network a command uses: a run's, or weights of a
// network that flags describe.
type trainedFlags struct {
	config         run.Config
	run            string
	checkpoint     string
	weights        string
	allowNonFinite bool
	describing     []*pflag.Flag // the network, and so in the way of a run
}

func newTrainedFlags() trainedFlags {
	return trainedFlags{config: run.DefaultConfig(), checkpoint: run.BestCheckpoint}
}

func (t *trainedFlags) bind(cmd *cobra.Command) {
	f := cmd.Flags()
	f.SortFlags = false
	f.StringVar(&t.run, "run", "", "`folder` of a run, as train --out makes it")
	f.StringVar(&t.checkpoint, "checkpoint", t.checkpoint, "`which` one of the run: best, last or step-N")
	f.StringVar(&t.weights, "weights", "", "safetensors `file` of weights in place of a run, of the network that the next flags describe")
	own := map[string]bool{"run": true, "checkpoint": true, "weights": true}
	modelFlags(cmd, &t.config)
	f.VisitAll(func(flag *pflag.Flag) {
		if !own[flag.Name] {
			t.describing = append(t.describing, flag)
		}
	})
	f.BoolVar(&t.allowNonFinite, "allow-nonfinite", false, "go on with weights that are infinite or not numbers")
	complete(cmd, "run", cobra.ShellCompDirectiveFilterDirs)
	complete(cmd, "checkpoint", cobra.ShellCompDirectiveNoFileComp, run.BestCheckpoint, run.LastCheckpoint)
	if err := cmd.MarkFlagFilename("weights", "safetensors"); err != nil {
		panic(err)
	}
}

// check refuses flags that do not go together. The flags in besides may stand beside
// a run, though they describe a network.
func (t *trainedFlags) check(flags *pflag.FlagSet, besides ...string) error {
	for _, name := range []string{"run", "weights"} {
		if f := flags.Lookup(name); f.Changed && f.Value.String() == "" {
			return misuse("%s: expected a path, got nothing", name)
		}
	}
	switch {
	case t.run == "" && t.weights == "":
		return misuse("expected --run or --weights, got neither; gradus train --out makes a run")
	case t.run != "" && t.weights != "":
		return misuse("run: expected run or weights, got both")
	case t.run == "" && flags.Changed("checkpoint"):
		return misuse("checkpoint: expected run beside it, got none")
	}
	if err := run.CheckCheckpoint(t.checkpoint); err != nil {
		return misuseError{err}
	}
	if t.run == "" {
		if err := t.config.Check(); err != nil {
			return misuseError{err}
		}
		return nil
	}
	may := map[string]bool{}
	for _, name := range besides {
		may[name] = true
	}
	for _, f := range t.describing {
		if f.Changed && !may[f.Name] {
			return misuse("%s: expected weights beside it, got run, which knows its network", f.Name)
		}
	}
	return nil
}

// open makes the network with its weights.
func (t *trainedFlags) open() (trained *run.Trained, err error) {
	if t.run != "" {
		dir, err := run.Open(t.run)
		if err != nil {
			return nil, err
		}
		if trained, err = dir.Trained(t.checkpoint); err != nil {
			return nil, err
		}
	} else if trained, err = run.LoadTrained(t.config, t.weights); err != nil {
		return nil, err
	}
	if err := trained.CheckFinite(); err != nil && !t.allowNonFinite {
		return nil, fmt.Errorf("%w; --allow-nonfinite goes on", err)
	}
	return trained, nil
}

// predictor compiles a network.
func predictor(t *run.Trained) (*train.Predictor, error) {
	return train.NewPredictor(t.Model, train.InputOf(t.Data), train.PredictorOptions{})
}
