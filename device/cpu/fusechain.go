package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/internal/kernel/chain"
	"gradus/op"
)

// chains replaces elementwise operations that follow each other by the chains
// there are kernels for. Origin is carried over as fuse has it.
func chains(p *graph.Program, origin []int) (*graph.Program, []int) {
	s := newSearch(p)
	for last := len(s.nodes) - 1; last >= 0; last-- {
		for _, c := range chain.All() {
			if m := s.match(c, last); m != nil {
				s.replace(m)
				break
			}
		}
	}
	return s.rest(p, origin)
}

// rest is the program without the nodes that are gone, with their origin.
func (s *search) rest(p *graph.Program, origin []int) (*graph.Program, []int) {
	q := *p
	q.Nodes = nil
	var from []int
	for i, n := range s.nodes {
		if !s.gone[i] {
			q.Nodes, from = append(q.Nodes, n), append(from, origin[i])
		}
	}
	return &q, from
}

// search is a program while chains are looked for in it.
type search struct {
	values  []graph.Type
	nodes   []graph.Node
	gone    []bool  // nodes that are part of a chain
	maker   []int   // of each value, -1 for none
	readers [][]int // nodes that read a value, once per operand
	shown   []bool  // values somebody outside reads
}

func newSearch(p *graph.Program) *search {
	s := &search{
		values: p.Values, nodes: slices.Clone(p.Nodes), gone: make([]bool, len(p.Nodes)),
		maker: makers(p), readers: make([][]int, len(p.Values)), shown: make([]bool, len(p.Values)),
	}
	for i, n := range p.Nodes {
		for _, id := range n.In {
			s.readers[id] = append(s.readers[id], i)
		}
	}
	for _, id := range outside(p) {
		if id != graph.None {
			s.shown[id] = true
		}
	}
	return s
}

// match is a chain found in a program.
type match struct {
	chain   *chain.Chain
	typ     graph.Type
	value   []graph.ID // of the chain's values
	node    []int      // of the chain's steps
	results []graph.ID
	pad     int // node of the padding of what is small, -1 for none
}

// match looks for a chain whose last step is a node.
func (s *search) match(c *chain.Chain, last int) *match {
	n := s.nodes[last]
	t := s.values[n.Out]
	if s.gone[last] || !isStep(n, c.Steps[len(c.Steps)-1]) || !t.Batched || t.Size() == 0 {
		return nil
	}
	m := &match{chain: c, typ: t, node: make([]int, len(c.Steps)), pad: -1}
	for range c.Inputs + len(c.Steps) {
		m.value = append(m.value, graph.None)
	}
	if !s.unify(m, pair{len(m.value) - 1, n.Out}) || !s.small(m) || !s.closed(m) || !s.inOrder(m) {
		return nil
	}
	return m
}

// pair is a value of the program that shall be one of the chain.
type pair struct {
	value int
	id    graph.ID
}

// unify makes values of the program those of the chain, and so on for what they
// are made of. Where that fails it leaves the match as it was.
func (s *search) unify(m *match, todo ...pair) bool {
	if len(todo) == 0 {
		return true
	}
	value, id, rest := todo[0].value, todo[0].id, todo[1:]
	if m.value[value] != graph.None {
		return m.value[value] == id && s.unify(m, rest...)
	}
	if t := s.values[id]; m.chain.IsNumber(value) {
		if t.Batched || len(t.Shape) > 0 || t.DType != graph.Float32 {
			return false
		}
	} else if !t.Equal(m.typ) {
		return false
	}
	m.value[value] = id
	if s.unifyMaker(m, value, id, rest) {
		return true
	}
	m.value[value] = graph.None
	return false
}

func (s *search) unifyMaker(m *match, value int, id graph.ID, rest []pair) bool {
	i := value - m.chain.Inputs
	if i < 0 {
		return s.unify(m, rest...)
	}
	step, made := m.chain.Steps[i], s.maker[id]
	if made < 0 || s.gone[made] || !isStep(s.nodes[made], step) {
		return false
	}
	m.node[i] = made
	in := s.nodes[made].In
	if step.Op.Operands() == 1 {
		return s.unify(m, append([]pair{{step.A, in[0]}}, rest...)...)
	}
	return s.unify(m, append([]pair{{step.A, in[0]}, {step.B, in[1]}}, rest...)...) ||
		(step.Op == chain.Add || step.Op == chain.Mul) &&
			s.unify(m, append([]pair{{step.A, in[1]}, {step.B, in[0]}}, rest...)...)
}

// isStep reports whether a node computes a step: sums of two gradients are
// additions like others.
func isStep(n graph.Node, step chain.Step) bool {
	if _, ok := n.Op.(graph.AccumulateOp); ok {
		return step.Op == chain.Add && len(n.In) == 2
	}
	return n.Op == operationOf(step)
}

// small looks for the padding of the small input or output, and lists the
// results. An output that is listed twice must have one.
func (s *search) small(m *match) bool {
	c := m.chain
	for i, out := range c.Outputs {
		id := m.value[out.Value]
		if c.Inputs+i != c.Small {
			m.results = append(m.results, id)
			continue
		}
		twice := slices.ContainsFunc(c.Outputs[:i], func(o chain.Output) bool { return o.Value == out.Value })
		var others []int
		for _, r := range s.readers[id] {
			if !slices.Contains(m.node, r) && (!twice || isPad(s.nodes[r])) {
				others = append(others, r)
			}
		}
		switch {
		case len(others) == 1 && isPad(s.nodes[others[0]]) && (twice || !s.shown[id]):
			m.pad = others[0]
			id = s.nodes[m.pad].Out
		case twice:
			return false
		}
		m.results = append(m.results, id)
	}
	if c.Small >= 0 && c.Small < c.Inputs {
		id := m.value[c.Small]
		if made := s.maker[id]; made >= 0 && len(s.readers[id]) == 1 && !s.shown[id] && isPad(s.nodes[made]) {
			m.pad, m.value[c.Small] = made, s.nodes[made].In[0]
		}
	}
	return true
}

func isPad(n graph.Node) bool {
	_, ok := n.Op.(op.Pad2dOp)
	return ok
}

// closed reports whether nobody reads what is not stored any more, and somebody
// reads all that is.
func (s *search) closed(m *match) bool {
	for i := range m.chain.Steps {
		id := m.value[m.chain.Inputs+i]
		read := s.readOutside(m, id)
		switch {
		case slices.Contains(m.results, id):
			if !read {
				return false
			}
		case read && !m.chain.Steps[i].Again:
			return false
		}
	}
	return true
}

// readOutside reports whether a value is read by others than a match's nodes.
func (s *search) readOutside(m *match, id graph.ID) bool {
	return s.shown[id] || slices.ContainsFunc(s.readers[id], func(r int) bool { return r != m.pad && !slices.Contains(m.node, r) })
}

// inOrder reports whether all operands are made before the first of the results.
func (s *search) inOrder(m *match) bool {
	at := s.place(m)
	return !slices.ContainsFunc(m.value[:m.chain.Inputs], func(id graph.ID) bool { return s.maker[id] >= at })
}

// place is where the chain is computed: where the first result was.
func (s *search) place(m *match) int {
	at := len(s.nodes)
	for _, id := range m.results {
		at = min(at, s.maker[id])
	}
	return at
}

// replace puts a chain in the place of its operations, but for those that are
// computed again.
func (s *search) replace(m *match) {
	at, o := s.place(m), chainOp{chain: m.chain, also: m.results[1:]}
	var parts []int
	for i, n := range m.node {
		if id := s.nodes[n].Out; slices.Contains(m.results, id) || !s.readOutside(m, id) {
			parts = append(parts, m.node[i])
		}
	}
	if m.pad >= 0 {
		padding := s.nodes[m.pad].Op.(op.Pad2dOp).Padding
		o.pad, parts = &padding, append(parts, m.pad)
	}
	for _, i := range parts {
		s.gone[i] = true
		for _, id := range s.nodes[i].In {
			s.readers[id] = slices.DeleteFunc(s.readers[id], func(r int) bool { return r == i })
		}
	}
	in := slices.Clone(m.value[:m.chain.Inputs])
	for _, id := range slices.Concat(in, m.results) {
		o.types = append(o.types, s.values[id])
	}
	n := s.nodes[at]
	n.Op, n.In, n.Out = o, in, m.results[0]
	s.nodes[at], s.gone[at] = n, false
	for _, id := range in {
		s.readers[id] = append(s.readers[id], at)
	}
	for _, id := range m.results {
		s.maker[id] = at
	}
}
