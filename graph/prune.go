package graph

// pruned drops the nodes nothing depends on and numbers the remaining values
// without gaps. Inputs and states stay, used or not: they are the program's
// signature.
func (p *Program) pruned() *Program {
	live := make([]bool, len(p.Values))
	mark := func(id ID) {
		if id != None {
			live[id] = true
		}
	}
	for _, in := range p.Inputs {
		mark(in.Value)
	}
	for _, s := range p.States {
		mark(s.In)
		mark(s.Out)
	}
	for _, o := range p.Outputs {
		mark(o.Value)
	}
	mark(p.Guard)
	for i := len(p.Nodes) - 1; i >= 0; i-- {
		if n := p.Nodes[i]; live[n.Out] {
			for _, id := range n.In {
				live[id] = true
			}
		}
	}

	q := &Program{Guard: None}
	number := make([]ID, len(p.Values))
	for id, t := range p.Values {
		number[id] = None
		if live[id] {
			number[id] = ID(len(q.Values))
			q.Values = append(q.Values, t)
		}
	}
	renumbered := func(id ID) ID {
		if id == None {
			return None
		}
		return number[id]
	}
	for _, in := range p.Inputs {
		in.Value = number[in.Value]
		q.Inputs = append(q.Inputs, in)
	}
	for _, s := range p.States {
		q.States = append(q.States, State{s.Name, number[s.In], number[s.Out]})
	}
	for _, n := range p.Nodes {
		if live[n.Out] {
			in := make([]ID, len(n.In))
			for i, id := range n.In {
				in[i] = number[id]
			}
			n.In, n.Out = in, number[n.Out]
			q.Nodes = append(q.Nodes, n)
		}
	}
	for _, o := range p.Outputs {
		o.Value = number[o.Value]
		q.Outputs = append(q.Outputs, o)
	}
	q.Guard = renumbered(p.Guard)
	return q
}
