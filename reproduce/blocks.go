package reproduce

import (
	"fmt"
	"math"
	"strings"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
)

// Alpha is what a convex block has learned: the weight of its convolution,
// sigmoid(alpha).
type Alpha struct {
	Block   string    `json:"block"`   // for people: 2: 4→8, 7x7
	Path    string    `json:"path"`    // of the layer
	Halves  bool      `json:"halves"`  // the image, and changes the channels: its shortcut is no identity
	Weights []float64 `json:"weights"` // one, or one per channel
}

// alphas lists the weights in the order in which data meet the blocks.
func alphas(p *graph.Program, model nn.Module) ([]Alpha, error) {
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	var list []Alpha
	for _, n := range p.Nodes {
		for _, in := range n.In {
			name := stateOf(p, in)
			path, ok := strings.CutSuffix(name, ".alpha")
			if !ok {
				continue
			}
			a := Alpha{Block: blockName(p, path, len(list)+1), Path: path, Halves: halves(p, path)}
			for _, q := range parameters {
				if q.Name == name {
					for _, v := range q.Tensor.Data {
						a.Weights = append(a.Weights, 1/(1+math.Exp(-float64(v))))
					}
				}
			}
			list = append(list, a)
		}
	}
	return list, nil
}

// stateOf is the name of the state a value is, "" for other values.
func stateOf(p *graph.Program, id graph.ID) string {
	for _, s := range p.States {
		if s.In == id {
			return s.Name
		}
	}
	return ""
}

// blockName says which block stands at a path: its number, the channels before
// and after it, and the size of its result.
func blockName(p *graph.Program, path string, number int) string {
	for _, n := range p.Nodes {
		if n.Path == path+".conv" {
			in, out := p.Values[n.In[0]].Shape, p.Values[n.Out].Shape
			return fmt.Sprintf("%d: %d→%d, %dx%d", number, in[1], out[1], out[2], out[3])
		}
	}
	return fmt.Sprint(number)
}

// halves reports whether the block at a path has a convolution in its shortcut.
func halves(p *graph.Program, path string) bool {
	for _, n := range p.Nodes {
		if strings.HasPrefix(n.Path, path+".residual_shape_adjust") {
			return true
		}
	}
	return false
}

// gates finds the gates of gated blocks: the sigmoids with a value per sample.
func gates(p *graph.Program) []graph.Node {
	var list []graph.Node
	for _, n := range p.Nodes {
		if n.Op.Name() == (op.SigmoidOp{}).Name() && p.Values[n.Out].Batched {
			list = append(list, n)
		}
	}
	return list
}
