package cpu

import (
	"math"
	"slices"

	"gradus/graph"
)

// schedule assigns operations to phases. Phase p is a chunked part followed by
// a serial part; the serial part of phase -1 comes before everything.
type schedule struct {
	phase   []int // of each node
	gather  []int // of each sample input, by value; meaningless for others
	phases  int   // number of phases with a chunked part
	crosses []bool
}

// newSchedule finds the phases of a program. Chunked operations run as early
// as their operands allow, but wait for the phase of their first reader: what
// is computed and read in one phase stays in the chunk's scratch memory.
func newSchedule(p *graph.Program, bindings []binding) schedule {
	s := schedule{
		phase: make([]int, len(p.Nodes)), gather: make([]int, len(p.Values)), crosses: make([]bool, len(p.Values)),
	}
	maker := makers(p)
	guard := -1
	if p.Guard != graph.None && maker[p.Guard] >= 0 {
		guard = maker[p.Guard]
	}
	updates := map[graph.ID]bool{}
	for _, st := range p.States {
		updates[st.Out] = st.Out != st.In
	}

	for i, n := range p.Nodes {
		phase := -1
		if bindings[i].class != whole {
			phase = 0
		}
		for _, id := range n.In {
			switch m := maker[id]; {
			case m >= 0 && bindings[i].class != whole && bindings[m].class != mapped:
				phase = max(phase, s.phase[m]+1) // made in a serial part
			case m >= 0:
				phase = max(phase, s.phase[m])
			case p.Values[id].Batched:
				phase = max(phase, 0) // gathered
			}
		}
		updating := slices.ContainsFunc(outs(n), func(id graph.ID) bool { return updates[id] })
		if updating && guard >= 0 && guard < i {
			phase = max(phase, s.phase[guard])
		}
		s.phase[i] = phase
	}

	readers := make([][]int, len(p.Values))
	for i, n := range p.Nodes {
		for _, id := range n.In {
			readers[id] = append(readers[id], i)
		}
	}
	first := func(id graph.ID) int {
		least := math.MaxInt
		for _, r := range readers[id] {
			least = min(least, s.phase[r])
		}
		return least
	}
	for i := len(p.Nodes) - 1; i >= 0; i-- {
		if bindings[i].class != mapped {
			continue
		}
		least := math.MaxInt
		for _, id := range outs(p.Nodes[i]) {
			least = min(least, first(id))
		}
		if least < math.MaxInt { // somebody reads it
			s.phase[i] = max(s.phase[i], least)
		}
	}

	for id, t := range p.Values {
		if !t.Batched {
			continue
		}
		made := 0
		if m := maker[id]; m >= 0 {
			made = s.phase[m]
		} else if len(readers[id]) > 0 {
			made = max(0, first(graph.ID(id)))
			s.gather[id] = made
		}
		for _, r := range readers[id] {
			s.crosses[id] = s.crosses[id] || s.phase[r] != made || bindings[r].class == whole
		}
		if m := maker[id]; m >= 0 && bindings[m].class == whole {
			s.crosses[id] = true
		}
	}
	for _, o := range p.Outputs {
		s.crosses[o.Value] = true
	}
	for i := range p.Nodes {
		s.phases = max(s.phases, s.phase[i]+1)
	}
	return s
}

// makers maps each value to the node that makes it, -1 for inputs and states.
func makers(p *graph.Program) []int {
	m := make([]int, len(p.Values))
	for i := range m {
		m[i] = -1
	}
	for i, n := range p.Nodes {
		for _, id := range outs(n) {
			m[id] = i
		}
	}
	return m
}
