package run

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gradus/data"
	"gradus/data/source"
	"gradus/graph"
	"gradus/nn"
	"gradus/random"
	"gradus/run/checkpoint"
	"gradus/safetensors"
	"gradus/weights"
	"gradus/zoo"
)

// Trained is a network with the weights of a file.
type Trained struct {
	Path       string    // of the file
	Config     Config    // describes the network, and the data it was made for
	Data       *data.Set // those without their samples: sizes, classes, what pixels are normalised by
	Model      nn.Module
	Parameters []graph.Parameter // in PyTorch's order
}

// Names of checkpoints, besides those of steps.
const (
	BestCheckpoint = "best"
	LastCheckpoint = "last"
)

// Trained makes the network of the run with the weights of a checkpoint: best,
// last, or that of a step, as in step-500.
func (d *Dir) Trained(which string) (*Trained, error) {
	path, err := d.checkpoint(which)
	if err != nil {
		return nil, err
	}
	return trained(d.About.Settings, path, checkpoint.ReadWeights)
}

// checkpoint is the path of a checkpoint.
func (d *Dir) checkpoint(which string) (string, error) {
	switch which {
	case BestCheckpoint:
		return d.Best()
	case LastCheckpoint:
		return d.Last()
	}
	step, ok := checkpoint.StepOf(which + ".safetensors")
	if !ok {
		return "", CheckCheckpoint(which)
	}
	path := checkpoint.Path(d.Path, step)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", d.noCheckpoint(path)
	}
	return path, nil
}

// CheckCheckpoint refuses what is no name of a checkpoint.
func CheckCheckpoint(which string) error {
	if which == BestCheckpoint || which == LastCheckpoint {
		return nil
	}
	if _, ok := checkpoint.StepOf(which + ".safetensors"); !ok {
		return fmt.Errorf("checkpoint: expected best, last or step-N, got %.40q", which)
	}
	return nil
}

// noCheckpoint lists the steps there are in place of one.
func (d *Dir) noCheckpoint(path string) error {
	steps, err := checkpoint.Steps(d.Path)
	if err != nil {
		return err
	}
	hint := ""
	if len(steps) > 0 {
		var names []string
		for _, step := range steps {
			names = append(names, strings.TrimSuffix(checkpoint.Name(step), filepath.Ext(checkpoint.Name(step))))
		}
		hint = "; there are " + strings.Join(names, ", ")
	}
	return fmt.Errorf("%s: expected a checkpoint, got no such file%s", path, hint)
}

// LoadTrained makes the network that the settings describe with the weights of a
// file: parameters alone, as PyTorch or weights.Save write them, or a checkpoint
// of a run.
func LoadTrained(c Config, path string) (*Trained, error) { return trained(c, path, loadWeights) }

func loadWeights(path string, parameters []graph.Parameter) error {
	f, err := safetensors.ReadFile(path)
	if err != nil {
		return err
	}
	if checkpoint.Is(f) {
		return checkpoint.ReadWeights(path, parameters)
	}
	return weights.Assign(f, parameters)
}

func trained(c Config, path string, load func(string, []graph.Parameter) error) (*Trained, error) {
	if err := c.Check(); err != nil {
		return nil, err
	}
	set, err := source.Sizes(c.Data, c.DataRoot)
	if err != nil {
		return nil, err
	}
	t := &Trained{Path: path, Config: c, Data: set}
	if t.Model, err = zoo.New(random.New(c.Seed, "init"), c.Network(set)); err != nil {
		return nil, err
	}
	if t.Parameters, err = nn.Parameters(t.Model); err != nil {
		return nil, err
	}
	return t, load(path, t.Parameters)
}

// CheckFinite refuses weights that are infinite or not numbers, and names the
// first.
func (t *Trained) CheckFinite() error {
	if err := weights.CheckFinite(t.Parameters); err != nil {
		return fmt.Errorf("%s: %w", t.Path, err)
	}
	return nil
}

// CheckData refuses data of other sizes than those the network was made for.
func (t *Trained) CheckData(set *data.Set) error {
	if set.Shape != t.Data.Shape {
		return fmt.Errorf("%s: expected images of %s, which the network was made for, got %s", set.Name, sizes(t.Data), sizes(set))
	}
	if set.Classes != t.Data.Classes {
		return fmt.Errorf("%s: expected %d classes, which the network was made for, got %d", set.Name, t.Data.Classes, set.Classes)
	}
	return nil
}

func sizes(set *data.Set) string {
	return fmt.Sprintf("%dx%dx%d", set.Shape[0], set.Shape[1], set.Shape[2])
}

// Save writes the parameters alone, as weights.Save does, for PyTorch and for
// LoadTrained.
func (t *Trained) Save(path string) error { return weights.Save(path, t.Parameters, nil) }
