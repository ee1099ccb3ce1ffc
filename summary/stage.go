package summary

import "gradus/graph"

// stage is what a part of a training program is for.
type stage int

const (
	forward  stage = iota
	backward       // recorded by differentiation
	update         // computed from gradients: guards, optimizers
)

// stages says which node and which state belong where.
type stages struct {
	nodes  []stage
	states map[graph.ID]stage // by value; backward does not occur
}

// stagesOf sorts a program. What is computed from a gradient without being one
// is an update, and so is a state that only updates read.
func stagesOf(p *graph.Program) stages {
	s := stages{nodes: make([]stage, len(p.Nodes)), states: map[graph.ID]stage{}}
	values := make([]stage, len(p.Values))
	readBefore, readByUpdate := make([]bool, len(p.Values)), make([]bool, len(p.Values))
	for i, n := range p.Nodes {
		at := forward
		for _, id := range n.In {
			if values[id] != forward {
				at = update
			}
		}
		if n.Backward {
			at = backward
		}
		s.nodes[i], values[n.Out] = at, at
		for _, id := range n.In {
			if at == update {
				readByUpdate[id] = true
			} else {
				readBefore[id] = true
			}
		}
	}
	for _, st := range p.States {
		if readByUpdate[st.In] && !readBefore[st.In] {
			s.states[st.In] = update
		}
	}
	return s
}
