package cpu

import (
	"gradus/graph"
	"gradus/op"
)

// linearDataEnding is the data gradient of a linear layer with the gradient of the
// relu that made its features. Its operands are (weight, dy) and y of the relu, which
// may have any shape of as many features: it is the result's.
type linearDataEnding struct{ op.LinearDataGradientOp }

// Name is "linear_data_gradient+relu_gradient".
func (linearDataEnding) Name() string { return "linear_data_gradient+relu_gradient" }

// Infer wants the operands of the data gradient, and one with as many features as
// its result.
func (f linearDataEnding) Infer(in []graph.Type) (graph.Type, error) {
	t, err := f.LinearDataGradientOp.Infer(in[:2])
	if err != nil {
		return t, err
	}
	flat, err := op.FlattenOp{}.Infer(in[2:])
	_, err = like(t, err, []graph.Type{flat})
	return in[2], err
}

// Reference is the operations' references.
func (f linearDataEnding) Reference(in []graph.Array, out graph.Array) {
	f.LinearDataGradientOp.Reference(in[:2], out)
	op.ReLUGradientOp{}.Reference([]graph.Array{in[2], out}, out)
}

// gateLinears fuses the data gradients of linear layers with the gradient of the
// relu that made the features, where nothing but changes of shape are in between.
func gateLinears(p *graph.Program, origin []int) (*graph.Program, []int) {
	s := newSearch(p)
	for i, n := range s.nodes {
		if _, ok := n.Op.(op.ReLUGradientOp); !ok {
			continue
		}
		made := s.alone(n.In[1])
		var shapes []int
		for made >= 0 && isReshape(s.nodes[made]) {
			shapes, made = append(shapes, made), s.alone(s.nodes[made].In[0])
		}
		if made < 0 {
			continue
		}
		if o, ok := s.nodes[made].Op.(op.LinearDataGradientOp); ok {
			in := s.nodes[made].In
			s.nodes[i].Op, s.nodes[i].In, origin[i] = linearDataEnding{o}, []graph.ID{in[0], in[1], n.In[0]}, origin[made]
			for _, dropped := range append(shapes, made) {
				s.gone[dropped] = true
			}
		}
	}
	return s.rest(p, origin)
}
