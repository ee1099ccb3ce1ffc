package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/optim"
)

// updates replaces the updates of all parameters by one operation, where the last of
// them was. Origin is carried over as fuse has it.
func updates(p *graph.Program, origin []int) (*graph.Program, []int) {
	found := findUpdates(p)
	if len(found) == 0 {
		return p, origin
	}
	last := found[len(found)-1]
	o, n := sgdOp{}, p.Nodes[last.step]
	n.In = nil
	drop := map[int]bool{}
	for _, u := range found {
		v, w := p.Nodes[u.velocity], p.Nodes[u.step]
		n.In = append(n.In, v.In[0], w.In[0], v.In[1])
		o.also = append(o.also, v.Out, w.Out)
		drop[u.velocity], drop[u.step] = true, true
	}
	n.In = append(n.In, p.Nodes[last.velocity].In[2], p.Nodes[last.step].In[2])
	n.Op, n.Out = sgdOp{o.also[1:]}, o.also[0]
	q := *p
	q.Nodes = nil
	var from []int
	for i := range p.Nodes {
		switch {
		case i == last.step:
			q.Nodes, from = append(q.Nodes, n), append(from, origin[i])
		case !drop[i]:
			q.Nodes, from = append(q.Nodes, p.Nodes[i]), append(from, origin[i])
		}
	}
	return &q, from
}

// sgdUpdate is the nodes that update a parameter.
type sgdUpdate struct{ velocity, step int }

// findUpdates looks for updates of states that can be made at once, at the last of
// them: nobody reads their results, what they read none of them makes, and all have the
// same settings.
func findUpdates(p *graph.Program) []sgdUpdate {
	maker, readers := makers(p), make([]int, len(p.Values))
	for _, n := range p.Nodes {
		for _, id := range n.In {
			readers[id]++
		}
	}
	setting := func(id graph.ID) bool {
		return slices.ContainsFunc(p.Inputs, func(in graph.Input) bool { return in.Value == id && in.Feed == graph.Setting })
	}
	updates := func(n graph.Node) bool { // a state by its old value
		return slices.ContainsFunc(p.States, func(s graph.State) bool { return s.In == n.In[0] && s.Out == n.Out })
	}
	var found []sgdUpdate
	for i, n := range p.Nodes {
		if _, ok := n.Op.(optim.SGDStepOp); !ok || readers[n.Out] > 0 || !updates(n) || !setting(n.In[2]) {
			continue
		}
		made := maker[n.In[1]]
		if made < 0 {
			continue
		}
		before := p.Nodes[made]
		if _, ok := before.Op.(optim.SGDVelocityOp); !ok || readers[before.Out] > 1 || !updates(before) || !setting(before.In[2]) || maker[before.In[1]] < 0 {
			continue
		}
		if len(found) > 0 {
			first := found[0]
			if n.In[2] != p.Nodes[first.step].In[2] || before.In[2] != p.Nodes[first.velocity].In[2] {
				continue
			}
		}
		found = append(found, sgdUpdate{made, i})
	}
	return found
}
