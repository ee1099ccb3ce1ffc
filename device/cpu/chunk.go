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

// chunkWork is a phase's chunked steps, on one chunk after the other.
type chunkWork struct {
	chunk, groups int // of the last; -1 before the first
	tasks         []task
}

// task is a step with its call for a chunk. What every step needs in every chunk lies
// side by side: between two steps the first-level cache has seen other things.
type task struct {
	run   func(c *call)
	st    *step
	plain bool // nothing but run is to be done
	call
}

// newWorker is a worker that works on chunks; others do parts only.
func newWorker(pl *plan, scratch []float32) worker {
	w := worker{scratch: scratch}
	for _, ph := range pl.phases {
		own := chunkWork{chunk: -1, groups: -1, tasks: make([]task, len(ph.chunked))}
		var operands [][]float32
		for _, st := range ph.chunked {
			operands = append(operands, make([][]float32, len(st.in)+len(st.also))...)
		}
		for i, st := range ph.chunked {
			t := &own.tasks[i]
			t.run, t.st, t.plain = st.run, st, pl.plain(st)
			t.in, operands = operands[:len(st.in):len(st.in)], operands[len(st.in):]
			t.also, operands = operands[:len(st.also):len(st.also)], operands[len(st.also):]
			t.scratch = scratch[st.scratchAt:][:st.scratch]
		}
		w.phases = append(w.phases, own)
	}
	return w
}

// plain reports whether nothing has to be cleared before a step, and whether one thread
// does it.
func (pl *plan) plain(st *step) bool {
	cleared := st.class == reduced && !(st.writes && pl.size[st.out]%align == 0)
	return !cleared && !pl.splits(st) && len(st.dirty) == 0
}

// splits reports whether a chunked step is cut into parts.
func (pl *plan) splits(st *step) bool { return st.parts > 1 && pl.chunks == 1 }

// chunkTasks are the worker's tasks of the current phase with the memory of a chunk.
// They stay as they are for the chunk they are for, and but for what moves for
// one with as many groups.
func (r *runner) chunkTasks(w *worker, chunk int) []task {
	ph, own := &r.phases[r.current], &w.phases[r.current]
	if own.chunk == chunk {
		return own.tasks
	}
	g0, g1 := r.plan.chunk(chunk)
	same := own.groups == g1-g0
	own.chunk, own.groups = chunk, g1-g0
	for i, st := range ph.chunked {
		c := &own.tasks[i].call
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
	return own.tasks
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
	tasks := r.chunkTasks(w, chunk)
	g0, g1 := r.plan.chunk(chunk)
	for i := range ph.gathers {
		begin := r.clock.start()
		r.gather(w, &ph.gathers[i], g0, g1)
		r.clock.stopOther(begin, worker, gathers)
	}
	plainly := r.clock == nil && !r.poison
	for i := range tasks {
		if t := &tasks[i]; plainly && t.plain {
			t.run(&t.call)
		} else {
			r.runTask(worker, t, g1)
		}
	}
	r.fold(worker, chunk)
}

// runTask does a step on a chunk that ends before group `end`, and all that goes with it.
func (r *runner) runTask(worker int, t *task, end int) {
	st, c := t.st, &t.call
	for _, operand := range st.dirty {
		r.clearSpare(c, operand, end)
	}
	begin := r.clock.start()
	if st.class == reduced {
		st.begin(c)
	}
	if r.plan.splits(st) {
		r.cutting = job{st, c}
		r.pool.run(st.parts, r.cut)
	} else {
		t.run(c)
	}
	r.clock.stop(begin, worker, st.node)
	if r.poison {
		r.bury(st, worker, scratch)
	}
}

// clearSpare makes an operand's lanes without a sample zero, where the call's last
// group, the one before group `end`, has any.
func (r *runner) clearSpare(c *call, operand, end int) {
	if samples := r.plan.batch - (end-1)*kernel.Lanes; samples < kernel.Lanes && c.groups > 0 {
		clearSpare(c.group(c.in[operand], c.groups-1), samples)
	}
}
