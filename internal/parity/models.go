package parity

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/random"
	"gradus/zoo"
)

// model makes the network the fixtures know by a kind, a depth and a kernel
// size.
func model(kind string, depth, kernel int) (nn.Module, error) {
	return zoo.New(random.New(1, "parity"), zoo.Options{
		Net: kind, Depth: depth, Kernel: kernel, Activation: nn.ReLU,
	})
}

// Models compares the zoo's networks with PyTorch's: how many parameters they
// have, their names, shapes and order, and which sizes are refused.
func Models(t *testing.T) {
	table := fixture.JSON[modelTable](t, fixture.Read(t, "model_table.json"))
	if len(table.Runs) != 72 {
		t.Errorf("expected 72 networks, got %d", len(table.Runs))
	}
	for _, name := range slices.Sorted(maps.Keys(table.Runs)) {
		kind, size, _ := strings.Cut(name, "/")
		var depth, kernel int
		if _, err := fmt.Sscanf(size, "d%d/k%d", &depth, &kernel); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := table.Runs[name]
		parameters, err := tracedParameters(kind, depth, kernel)
		if (err == nil) != want.OK {
			t.Errorf("%s: expected to be accepted: %v, got error %v", name, want.OK, err)
		}
		if err != nil {
			continue
		}
		if got := count(parameters); got != want.Params || len(parameters) != want.Tensors {
			t.Errorf("%s: expected %d parameters in %d tensors, got %d in %d", name, want.Params, want.Tensors, got, len(parameters))
		}
		if named, ok := table.Named[fmt.Sprintf("%s/d%d", kind, depth)]; ok && kernel == 3 {
			if diff := cmp.Diff(named, parameters); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	}
}

type modelTable struct {
	Runs map[string]struct {
		OK              bool
		Params, Tensors int
	}
	Named map[string][]namedShape `json:"named_parameters_k3"`
}

// namedShape is a parameter without its numbers.
type namedShape struct {
	Name  string
	Shape []int
}

// UnmarshalJSON reads a pair, [name, shape].
func (n *namedShape) UnmarshalJSON(text []byte) error {
	return json.Unmarshal(text, &[]any{&n.Name, &n.Shape})
}

// tracedParameters are a network's parameters, once an image has been through
// it.
func tracedParameters(kind string, depth, kernel int) ([]namedShape, error) {
	m, err := model(kind, depth, kernel)
	if err != nil {
		return nil, err
	}
	p, err := graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		image := graph.Type{DType: graph.Float32, Shape: graph.Shape{1, 1, 28, 28}, Batched: true}
		b.Output("logits", b.Input("images", graph.Sample, image).Through(m), false)
	})
	if err != nil {
		return nil, err
	}
	var list []namedShape
	for _, s := range p.States {
		list = append(list, namedShape{s.Name, p.Values[s.In].Shape})
	}
	return list, nil
}

func count(parameters []namedShape) (n int) {
	for _, p := range parameters {
		n += size(p.Shape)
	}
	return n
}
