package cpu

import "gradus/graph"

// constantValue is a value without a batch every element of which is a number. It is
// set once for many steps, as settings are.
type constantValue struct {
	id     graph.ID
	number float32
}

// withoutConstants takes the constants out of a program. Origin is carried over as fuse
// has it.
func withoutConstants(p *graph.Program, origin []int) (q *graph.Program, constants []constantValue, from []int) {
	without := *p
	q = &without
	q.Nodes = nil
	for i, n := range p.Nodes {
		if o, ok := n.Op.(graph.ConstantOp); ok && !p.Values[n.Out].Batched {
			constants = append(constants, constantValue{n.Out, float32(o.Value)})
			continue
		}
		q.Nodes, from = append(q.Nodes, n), append(from, origin[i])
	}
	return q, constants, from
}
