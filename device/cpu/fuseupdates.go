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
	o, n := sgdOp{momentum: last.velocity >= 0}, p.Nodes[last.step]
	n.In = nil
	drop := map[int]bool{}
	for _, u := range found {
		w := p.Nodes[u.step]
		drop[u.step] = true
		if u.velocity >= 0 {
			v := p.Nodes[u.velocity]
			drop[u.velocity] = true
			n.In, o.also = append(n.In, v.In[0], w.In[0], v.In[1]), append(o.also, v.Out, w.Out)
		} else {
			n.In, o.also = append(n.In, w.In[0], w.In[1]), append(o.also, w.Out)
		}
	}
	if o.momentum {
		n.In = append(n.In, p.Nodes[last.velocity].In[2])
	}
	n.In = append(n.In, p.Nodes[last.step].In[2])
	n.Op, n.Out = sgdOp{o.momentum, o.also[1:]}, o.also[0]
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
type sgdUpdate struct {
	velocity int // -1 without momentum
	step     int
}

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
	// updates reports whether a node makes the new value of a state, which so many read, of
	// its old one, of what another node makes, and of a setting.
	updates := func(n graph.Node, read int) bool {
		state := slices.ContainsFunc(p.States, func(s graph.State) bool { return s.In == n.In[0] && s.Out == n.Out })
		setting := slices.ContainsFunc(p.Inputs, func(in graph.Input) bool { return in.Value == n.In[2] && in.Feed == graph.Setting })
		return state && setting && maker[n.In[1]] >= 0 && readers[n.Out] == read
	}
	var found []sgdUpdate
	for i, n := range p.Nodes {
		if _, ok := n.Op.(optim.SGDStepOp); !ok || !updates(n, 0) {
			continue
		}
		u := sgdUpdate{-1, i}
		if made := maker[n.In[1]]; isVelocity(p.Nodes[made]) {
			if !updates(p.Nodes[made], 1) {
				continue
			}
			u.velocity = made
		}
		if len(found) > 0 && !u.alike(p, found[0]) {
			continue
		}
		found = append(found, u)
	}
	return found
}

func isVelocity(n graph.Node) bool {
	_, ok := n.Op.(optim.SGDVelocityOp)
	return ok
}

// alike reports whether two updates have the same settings.
func (u sgdUpdate) alike(p *graph.Program, v sgdUpdate) bool {
	same := func(a, b int) bool { return p.Nodes[a].In[2] == p.Nodes[b].In[2] }
	if (u.velocity < 0) != (v.velocity < 0) || !same(u.step, v.step) {
		return false
	}
	return u.velocity < 0 || same(u.velocity, v.velocity)
}
