package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/op"
)

// crossEntropyOp is the losses of logits and their gradient at once. Its operands are
// (logits, labels), then the gradient of the losses or, where that is the one of their
// mean, the operands of it; its results the losses and the gradient.
type crossEntropyOp struct {
	mean     bool
	gradient graph.ID // the second result
}

// Name is what is fused.
func (o crossEntropyOp) Name() string {
	return "cross_entropy_losses+gradient"
}

// Infer is the type of the losses.
func (crossEntropyOp) Infer(in []graph.Type) (graph.Type, error) {
	return op.CrossEntropyLossesOp{}.Infer(in[:2])
}

// Reference is the losses, as a chain's is its first result.
func (crossEntropyOp) Reference(in []graph.Array, out graph.Array) {
	op.CrossEntropyLossesOp{}.Reference(in[:2], out)
}

// joinLosses fuses losses with their gradient, and with that of their mean, where what
// the gradient depends on is there before. Origin is carried over as fuse has it.
func joinLosses(p *graph.Program, origin []int) (*graph.Program, []int) {
	s := newSearch(p)
	for i, n := range s.nodes {
		if _, ok := n.Op.(op.CrossEntropyLossesGradientOp); !ok {
			continue
		}
		at := slices.IndexFunc(s.nodes[:i], func(m graph.Node) bool {
			_, ok := m.Op.(op.CrossEntropyLossesOp)
			return ok && slices.Equal(m.In, n.In[:2])
		})
		if at < 0 || s.gone[at] {
			continue
		}
		fused, given, mean := crossEntropyOp{gradient: n.Out}, n.In[2:], s.alone(n.In[2])
		if mean >= 0 {
			if _, fused.mean = s.nodes[mean].Op.(op.BatchMeanGradientOp); fused.mean {
				given = s.nodes[mean].In
			}
		}
		if slices.ContainsFunc(given, func(id graph.ID) bool { return s.maker[id] >= at }) {
			continue
		}
		s.nodes[at].Op, s.nodes[at].In = fused, slices.Concat(n.In[:2], given)
		s.gone[i] = true
		if fused.mean {
			s.gone[mean] = true
		}
	}
	return s.rest(p, origin)
}
