package cpu

import (
	"slices"

	"gradus/graph"
)

// stretch is sums over the batch that lie one behind the other: those that one update
// reads, in its order, or one alone. So they are added up, looked at and used for the
// update by one call for all of them. What lies between them, up to the next multiple of
// 16 numbers, is 0.
type stretch struct {
	steps   []*step
	size    int // floats
	offset  int // in shared memory
	partial int // offset of the first chunk's sums, where there are several
}

// findStretches distributes the sums of a phase.
func (pl *plan) findStretches(ph *phase) {
	makers := map[graph.ID]*step{} // of sums that are complete when they are added up
	for _, st := range ph.chunked {
		if st.class == reduced && st.finish == nil {
			makers[st.out] = st
		}
	}
	for _, n := range pl.program.Nodes {
		if _, ok := n.Op.(sgdOp); !ok {
			continue
		}
		all := &stretch{}
		for _, id := range n.In {
			if st := makers[id]; st != nil && st.stretch == nil {
				pl.append(all, st)
			}
		}
		if len(all.steps) > 0 {
			ph.stretches = append(ph.stretches, all)
		}
	}
	for _, st := range ph.chunked {
		if st.class == reduced && st.stretch == nil {
			ph.stretches = append(ph.stretches, &stretch{})
			pl.append(ph.stretches[len(ph.stretches)-1], st)
		}
	}
}

func (pl *plan) append(s *stretch, st *step) {
	pl.sumOf[st.out] = st
	st.stretch, st.at = s, s.size
	s.steps = append(s.steps, st)
	s.size += roundUp(pl.size[st.out])
}

// span is when the results of a stretch are needed.
func (s *stretch) span(life []lifetime) (first, last int) {
	first = life[s.steps[0].out].first
	for _, st := range s.steps {
		last = max(last, life[st.out].last)
	}
	return first, last
}

// begin clears what a chunk's sum is added onto, right before that is done, and what lies
// between it and the next sum.
func (st *step) begin(c *call) {
	sum := c.out[:roundUp(len(c.out))]
	if st.writes {
		sum = sum[len(c.out):]
	}
	clear(sum)
}

// whole is the memory of the results.
func (r *runner) whole(s *stretch) []float32 { return r.shared[s.offset:][:s.size] }

// sums is the memory of a stretch's sums over one chunk.
func (r *runner) sums(s *stretch, chunk int) []float32 {
	if r.plan.chunks == 1 {
		return r.whole(s)
	}
	return r.shared[s.partial+chunk*s.size:][:s.size]
}

// joined is a job whose members are fewer and longer: those that lie one behind the
// other have become one. What only looks has a member per operand.
func (r *runner) joined(j job) job {
	last := len(j.st.in) - j.st.scalars
	in, out, members := j.st.in[:last], j.st.results(), j.st.members
	if members == 0 {
		out, members = nil, len(in)
	}
	operands, results := len(in)/members, len(out)/members
	joins := make([]bool, members) // the one before
	for m := 1; m < members; m++ {
		values := func(m int) []graph.ID {
			return slices.Concat(in[m*operands:(m+1)*operands], out[m*results:(m+1)*results])
		}
		joins[m] = slices.EqualFunc(values(m-1), values(m), r.follows)
	}
	join := func(memory [][]float32, each int) (list [][]float32) {
		for i, x := range memory {
			if joins[i/each] {
				before := &list[len(list)-each+i%each]
				*before = (*before)[:roundUp(len(*before))+len(x)]
			} else {
				list = append(list, x)
			}
		}
		return list
	}
	c := *j.c
	c.in = append(join(j.c.in[:last], operands), j.c.in[last:]...)
	if results > 0 {
		all := join(append([][]float32{j.c.out}, j.c.also...), results)
		c.out, c.also = all[0], all[1:]
	}
	return job{j.st, &c}
}

// follows reports whether a value is the next one behind another in a stretch or among
// the states.
func (r *runner) follows(before, id graph.ID) bool {
	a, b := r.plan.place[before], r.plan.place[id]
	if a.space == state && b.space == state {
		x, y := r.states[a.slot], r.states[b.slot]
		n := roundUp(len(x))
		return cap(x) > n && len(y) > 0 && &x[:n+1][n] == &y[0]
	}
	s, t := r.plan.sumOf[before], r.plan.sumOf[id]
	return s != nil && t != nil && s.stretch == t.stretch && t.at == s.at+roundUp(r.plan.size[before])
}
