package summary

import (
	"slices"

	"gradus/graph"
)

// Summary is what a program does, layer by layer.
type Summary struct {
	Batch      int         `json:"batch"` // samples per step
	Layers     []Layer     `json:"layers"`
	Parameters []Parameter `json:"parameters"` // in the program's order
	// Elements is the number of elements of all parameters.
	Elements int `json:"elements"`
	// Forward and Backward are the multiply-adds per sample of the layers and
	// of the gradients recorded by differentiation.
	Forward  Count `json:"forward"`
	Backward Count `json:"backward"`
}

// Layer is a run of operations that one module applied in the forward pass.
type Layer struct {
	Path       string      `json:"path"`       // "" outside of all submodules
	Operations []string    `json:"operations"` // in order
	Output     graph.Shape `json:"output"`     // of the last operation, batch dimension first where there is one
	Batched    bool        `json:"batched"`    // whether there is one
	// Elements is the number of elements of the parameters that are read here
	// first: a shared parameter counts once.
	Elements int   `json:"elements"`
	Count    Count `json:"count"`
}

// Parameter is a parameter's name and shape, both as PyTorch's.
type Parameter struct {
	Name  string      `json:"name"`
	Shape graph.Shape `json:"shape"`
}

// Of summarises a program: a traced one, a differentiated one, or one with an
// optimizer's updates, which are left out.
func Of(p *graph.Program) *Summary {
	s := &Summary{Batch: p.Batch()}
	stages := stagesOf(p)
	parameters := map[graph.ID]int{} // elements, by value, until a layer has read them
	for _, st := range p.States {
		if stages.states[st.In] == update {
			continue
		}
		n := p.Values[st.In].Size()
		parameters[st.In] = n
		s.Elements += n
		s.Parameters = append(s.Parameters, Parameter{st.Name, slices.Clone(p.Values[st.In].Shape)})
	}
	for i, n := range p.Nodes {
		if len(n.In) == 0 {
			continue // a constant is nobody's work
		}
		count := multiplyAdds(p, n).per(s.Batch)
		switch stages.nodes[i] {
		case backward:
			s.Backward = s.Backward.plus(count)
		case forward:
			s.Forward = s.Forward.plus(count)
			layer := s.layer(n.Path)
			layer.Operations = append(layer.Operations, n.Op.Name())
			layer.Output, layer.Batched = slices.Clone(p.Values[n.Out].Shape), p.Values[n.Out].Batched
			layer.Count = layer.Count.plus(count)
			for _, id := range n.In {
				layer.Elements += parameters[id]
				delete(parameters, id)
			}
		}
	}
	return s
}

// layer is the layer that is being filled, a new one when the path changes.
func (s *Summary) layer(path string) *Layer {
	if n := len(s.Layers); n == 0 || s.Layers[n-1].Path != path {
		s.Layers = append(s.Layers, Layer{Path: path})
	}
	return &s.Layers[len(s.Layers)-1]
}
