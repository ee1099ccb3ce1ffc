package cpu

import (
	"math"
	"slices"

	"gradus/graph"
)

// bury fills with NaN the values of one space that nobody reads after a step.
func (r *runner) bury(st *step, worker int, in space) {
	for _, id := range st.dead {
		p := r.plan.place[id]
		over := func(result graph.ID) bool { return p == r.plan.place[result] }
		if p.space != in || over(st.out) || slices.ContainsFunc(st.also, over) {
			continue // elsewhere, or taken over by a result
		}
		n := r.plan.size[id]
		if in == scratch {
			w := &r.workers[worker]
			fill(w.scratch[p.offset:][:n*w.phases[r.current].groups])
		} else {
			fill(r.shared[p.offset:][:n])
		}
	}
}

// poisonScratch fills the scratch memories: nothing in them outlives a step.
func (r *runner) poisonScratch() {
	for _, w := range r.workers {
		fill(w.scratch)
	}
}

func fill(x []float32) {
	for i := range x {
		x[i] = float32(math.NaN())
	}
}
