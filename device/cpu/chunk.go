package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/internal/kernel"
)

// worker is what one thread works with.
type worker struct {
	scratch []float32   // for the chunk it works on
	phases  []chunkWork // its calls for the chunks
	part    call        // a part of an operation
	ranged  call        // a range of one

	_ [64]byte // a cache line apart: every worker writes its own all the time
}

// chunkWork is the calls of a phase's chunked steps, on one chunk after the other.
type chunkWork struct {
	chunk, groups int // of the last; -1 before the first
	calls         []call
}

// newWorker is a worker that works on chunks; others do parts only.
func newWorker(pl *plan, scratch []float32) worker {
	w := worker{scratch: scratch}
	for _, ph := range pl.phases {
		own := chunkWork{chunk: -1, groups: -1, calls: make([]call, len(ph.chunked))}
		for i, st := range ph.chunked {
			own.calls[i].in = make([][]float32, len(st.in))
			own.calls[i].also = make([][]float32, len(st.also))
			own.calls[i].scratch = scratch[st.scratchAt:][:st.scratch]
		}
		w.phases = append(w.phases, own)
	}
	return w
}

// chunkCalls are the worker's calls of the current phase with the memory of a chunk.
// They stay as they are for the chunk they are for, and but for what moves for
// one with as many groups.
func (r *runner) chunkCalls(w *worker, chunk int) []call {
	ph, own := &r.phases[r.current], &w.phases[r.current]
	if own.chunk == chunk {
		return own.calls
	}
	g0, g1 := r.plan.chunk(chunk)
	same := own.groups == g1-g0
	own.chunk, own.groups = chunk, g1-g0
	for i, st := range ph.chunked {
		c := &own.calls[i]
		c.groups, c.first = g1-g0, g0*kernel.Lanes
		if st.class == reduced {
			c.out = r.sums(st.stretch, chunk)[st.at:][:r.plan.size[st.out]]
		}
		if same && !ph.moves[i] {
			continue
		}
		for k, id := range st.in {
			c.in[k] = r.view(w, id, g0, g1)
		}
		for k, id := range st.also {
			c.also[k] = r.view(w, id, g0, g1)
		}
		if st.class != reduced {
			c.out = r.view(w, st.out, g0, g1)
		}
	}
	return own.calls
}

// moves reports whether a step works on other memory in every chunk, the sum of a reduced one
// left out.
func (pl *plan) moves(st *step) bool {
	return slices.ContainsFunc(slices.Concat(st.in, st.results()), func(id graph.ID) bool {
		return pl.place[id].space == kept
	})
}

// view is the memory of some groups of a value as a worker sees it; values that are
// not batched are the same for all.
func (r *runner) view(w *worker, id graph.ID, g0, g1 int) []float32 {
	p, size := &r.plan.place[id], r.plan.size[id]
	switch p.space {
	case state:
		return r.states[p.slot]
	case scratch:
		return w.scratch[p.offset:][:size*(g1-g0)]
	case kept:
		return r.shared[p.offset+g0*size:][:size*(g1-g0)]
	}
	return r.shared[p.offset:][:size]
}

// runChunk does the chunked part of the current phase for one chunk. Where there
// is only one, big operations are cut into parts for the other threads.
func (r *runner) runChunk(worker, chunk int) {
	ph, w := &r.phases[r.current], &r.workers[worker]
	calls := r.chunkCalls(w, chunk)
	g0, g1 := r.plan.chunk(chunk)
	for i := range ph.gathers {
		begin := r.clock.start()
		r.gather(w, &ph.gathers[i], g0, g1)
		r.clock.stopOther(begin, worker, gathers)
	}
	for i, st := range ph.chunked {
		c := &calls[i]
		for _, operand := range st.dirty {
			r.clearSpare(c, operand, g1)
		}
		begin := r.clock.start()
		if st.class == reduced {
			st.begin(c)
		}
		if st.parts > 1 && r.plan.chunks == 1 {
			r.cutting = job{st, c}
			r.pool.run(st.parts, r.cut)
		} else {
			st.run(c)
		}
		r.clock.stop(begin, worker, st.node)
		if r.poison {
			r.bury(st, worker, scratch)
		}
	}
}

// clearSpare makes an operand's lanes without a sample zero, where the call's last
// group, the one before group `end`, has any.
func (r *runner) clearSpare(c *call, operand, end int) {
	if samples := r.plan.batch - (end-1)*kernel.Lanes; samples < kernel.Lanes && c.groups > 0 {
		clearSpare(c.group(c.in[operand], c.groups-1), samples)
	}
}
