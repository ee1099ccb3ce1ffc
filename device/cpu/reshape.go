package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/op"
)

// withoutReshapes returns a program in which nobody reads what flatten and unflatten
// make of batched values, and what is then nobody's is not made: a sample's elements
// keep their order, so who reads them may as well read the value they are made of.
// Operations are bound by the shapes they were given before that.
func withoutReshapes(p *graph.Program, bindings []binding, origin []int) (q *graph.Program, bound []binding, from []int) {
	of, shown := map[graph.ID]graph.ID{}, outside(p)
	without := *p
	q = &without
	q.Nodes = nil
	for i, n := range p.Nodes {
		n.In = slices.Clone(n.In)
		for k, id := range n.In {
			if source, ok := of[id]; ok {
				n.In[k] = source
			}
		}
		_, kept := slices.BinarySearch(shown, n.Out)
		if isReshape(n) && p.Values[n.Out].Batched && !kept {
			of[n.Out] = n.In[0]
			continue
		}
		q.Nodes, bound, from = append(q.Nodes, n), append(bound, bindings[i]), append(from, origin[i])
	}
	return q, bound, from
}

func isReshape(n graph.Node) bool {
	switch n.Op.(type) {
	case op.FlattenOp, op.UnflattenOp:
		return true
	}
	return false
}
