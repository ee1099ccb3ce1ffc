package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

// worker is what one thread works with.
type worker struct {
	scratch []float32   // for the chunk it works on
	phases  []chunkWork // its calls for the chunks
	part    call        // a part of an operation
	ranged  call        // a range of one
	ahead   []ahead     // what the next step will gather and nobody has asked for yet

	_ [64]byte // a cache line apart: every worker writes its own all the time
}

// chunkWork is the calls of a phase's chunked steps, on one chunk after the other.
type chunkWork struct {
	chunk int // -1 before the first
	calls []call
}

// ahead is samples of bytes that will be gathered.
type ahead struct {
	data     []byte
	samples  []int32
	features int
}

// newWorker is a worker that works on chunks; others do parts only.
func newWorker(pl *plan, scratch []float32) worker {
	w := worker{scratch: scratch, ahead: make([]ahead, 0, len(pl.program.Inputs))}
	for _, ph := range pl.phases {
		work := chunkWork{chunk: -1, calls: make([]call, len(ph.chunked))}
		for i, st := range ph.chunked {
			work.calls[i].in = make([][]float32, len(st.in))
			work.calls[i].also = make([][]float32, len(st.also))
			work.calls[i].scratch = scratch[st.scratchAt:][:st.scratch]
		}
		w.phases = append(w.phases, work)
	}
	return w
}

// chunkCalls are the worker's calls of the current phase with the memory of a chunk.
// They stay as they are where there is one chunk only.
func (r *runner) chunkCalls(w *worker, chunk int) []call {
	work := &w.phases[r.current]
	if work.chunk == chunk {
		return work.calls
	}
	work.chunk = chunk
	g0, g1 := r.plan.chunk(chunk)
	for i, st := range r.phases[r.current].chunked {
		c := &work.calls[i]
		c.groups, c.first = g1-g0, g0*kernel.Lanes
		for k, id := range st.in {
			c.in[k] = r.view(w, id, g0, g1)
		}
		for k, id := range st.also {
			c.also[k] = r.view(w, id, g0, g1)
		}
		if st.class == reduced {
			c.out = r.sums(st.stretch, chunk)[st.at:][:r.plan.size[st.out]]
		} else {
			c.out = r.view(w, st.out, g0, g1)
		}
	}
	return work.calls
}

// view is the memory of some groups of a value as a worker sees it; values that are
// not batched are the same for all.
func (r *runner) view(w *worker, id graph.ID, g0, g1 int) []float32 {
	pl, p, size := r.plan, &r.plan.place[id], r.plan.size[id]
	switch p.space {
	case state:
		return r.states[p.slot]
	case scratch:
		return w.scratch[p.offset:][:size*(g1-g0)]
	case kept:
		return r.shared[p.offset+g0*size:][:size*(g1-g0)]
	}
	return r.shared[p.offset:][:pl.size[id]]
}

// runChunk does the chunked part of the current phase for one chunk. Where there
// is only one, big operations are cut into parts for the other threads.
func (r *runner) runChunk(worker, chunk int) {
	ph, w := &r.phases[r.current], &r.workers[worker]
	calls := r.chunkCalls(w, chunk)
	g0, g1 := r.plan.chunk(chunk)
	for _, s := range ph.stretches {
		clear(r.sums(s, chunk))
	}
	w.ahead = w.ahead[:0]
	for _, input := range ph.gathers {
		begin := r.clock.start()
		r.gather(w, input, g0, g1)
		r.clock.stopOther(begin, worker, gathers)
	}
	for i, st := range ph.chunked {
		c := &calls[i]
		for _, operand := range st.dirty {
			r.clearSpare(c, operand, g1)
		}
		begin := r.clock.start()
		if st.parts > 1 && r.plan.chunks == 1 {
			r.cutting = job{st, c}
			r.pool.run(st.parts, r.cut)
		} else {
			st.run(c)
		}
		r.clock.stop(begin, worker, st.node)
		if len(w.ahead) > 0 {
			w.prefetch(len(ph.chunked) - i)
		}
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

// gather brings some groups of samples of an input into their lanes, scaled where
// the plan says so. Where there are fewer samples than lanes, the batch's first
// sample stands in: whatever is computed of it is as finite as the batch is.
func (r *runner) gather(w *worker, input, g0, g1 int) {
	id, data := r.plan.program.Inputs[input].Value, r.inputs[input]
	out, n := r.view(w, id, g0, g1), features(r.plan.program.Values[id])
	scale, shift := 1.0, 0.0
	if o, ok := r.plan.scaled[input]; ok {
		scale, shift = o.Scale, o.Shift
	}
	for g := g0; g < g1; g++ {
		group := out[(g-g0)*n*kernel.Lanes:][:n*kernel.Lanes]
		var samples [kernel.Lanes]int32
		for l := range samples {
			samples[l] = r.order[0]
		}
		copy(samples[:], part(r.order, g, g+1))
		if data.Uint8 != nil {
			r.isa.GatherBytes(group, data.Uint8, &samples, n, scale, shift)
			continue
		}
		if data.Int32 != nil {
			kernel.Gather(group, data.Int32, &samples, n)
		} else {
			kernel.Gather(group, data.Float32, &samples, n)
		}
		if scale != 1 || shift != 0 {
			r.isa.Affine(group, group, scale, shift)
		}
	}
	if data.Uint8 != nil {
		w.ahead = append(w.ahead, ahead{data.Uint8, part(r.next, g0, g1), n})
	}
}

// part is the samples of some groups.
func part(order []int32, g0, g1 int) []int32 {
	lo := min(g0*kernel.Lanes, len(order))
	return order[lo:min(g1*kernel.Lanes, len(order))]
}

// prefetch asks for a part of what the next step gathers, after each of so many steps
// that are left. All at once is more than a core can wait for beside its work.
func (w *worker) prefetch(left int) {
	for i := range w.ahead {
		a := &w.ahead[i]
		n := (len(a.samples) + left - 1) / left
		kernel.Prefetch(a.data, a.samples[:n], a.features)
		a.samples = a.samples[n:]
	}
}
