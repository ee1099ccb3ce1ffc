package run

import (
	"fmt"

	"gradus/graph"
	"gradus/nn"
	"gradus/random"
	"gradus/run/checkpoint"
	"gradus/zoo"
)

// Misfit is a checkpoint whose weights are not those of the network the settings ask
// for. Other settings may be overridden, a network not.
type Misfit struct {
	Path, Weight string
	Want, Got    graph.Shape // nil where there is none
}

// Error names the checkpoint and the first weight that does not fit.
func (e *Misfit) Error() string {
	shape := func(s graph.Shape) string {
		if s == nil {
			return "none"
		}
		return fmt.Sprintf("shape %v", s)
	}
	return fmt.Sprintf("%s: %s: expected %s, got %s; a run keeps its network", e.Path, e.Weight, shape(e.Want), shape(e.Got))
}

// checkNetwork looks for a Misfit.
func checkNetwork(path string, c *checkpoint.Checkpoint, network zoo.Options) error {
	model, err := zoo.New(random.New(0, "shapes"), network)
	if err != nil {
		return err
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		return err
	}
	saved := map[string]graph.Shape{}
	for _, w := range c.Weights {
		saved[w.Name] = w.Tensor.Shape
	}
	for _, p := range parameters {
		if got, ok := saved[p.Name]; !ok || !got.Equal(p.Tensor.Shape) {
			return &Misfit{path, p.Name, p.Tensor.Shape, got}
		}
		delete(saved, p.Name)
	}
	for _, w := range c.Weights {
		if got, ok := saved[w.Name]; ok {
			return &Misfit{path, w.Name, nil, got}
		}
	}
	return nil
}
