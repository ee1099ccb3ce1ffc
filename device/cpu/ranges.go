package cpu

import "gradus/graph"

// When the chunks are done, their sums are added up, the guard looks at the
// result, and the update follows: all of it number by number, so threads share it
// by ranges of numbers. A thread has the same ranges from the sums to the update,
// and in every step, which keeps its part of the optimizer's memory in its cache.
// Ranges change no bit.

// rangeBlock is the granularity of ranges, in floats.
const rangeBlock = 64

// rangeWork is how many floats are worth a range: going over them, chunk by chunk
// and for the update, takes about as long as handing over twice.
const rangeWork = 1024

// findRanges chooses into how many ranges the results of a phase are cut, and
// which of the steps that follow go range by range.
func (pl *plan) findRanges(o Options) {
	work := rangeWork
	if o.forced {
		work = 1
	}
	for i := range pl.phases {
		ph := &pl.phases[i]
		floats := 0
		for _, st := range ph.chunked {
			if st.class == reduced {
				floats += pl.size[st.out]
			}
		}
		ph.ranges = max(1, min(floats/work, pl.chunks))
		if len(ph.serial) > 0 && ph.serial[0].nothing != nil {
			ph.looks = 1
		}
		for ph.updates = ph.looks; pl.ranged(ph.serial[ph.updates:]) < len(ph.serial)-ph.updates; {
			ph.updates++
		}
	}
}

// ranged is how many of the first steps can go range by range together: they
// compute each number of the result from one number of each operand,
// or from scalars that none of them changes.
func (pl *plan) ranged(steps []*step) int {
	changed := map[graph.ID]bool{}
	for _, s := range pl.program.States {
		changed[s.In] = s.In != s.Out
	}
	for i, st := range steps {
		if st.members == 0 || st.out == pl.program.Guard { // which is looked at when it is made
			return i
		}
		operands, scalars, results := st.in[:len(st.in)-st.scalars], st.in[len(st.in)-st.scalars:], st.results()
		for k, id := range operands {
			member := k * st.members / len(operands)
			if pl.size[id] != pl.size[results[member*len(results)/st.members]] {
				return i
			}
		}
		for _, id := range scalars {
			if changed[id] {
				return i
			}
		}
		for _, id := range results {
			changed[id] = true
		}
	}
	return len(steps)
}

// cutRange is the p-th of so many ranges of x. What is small is one range, the
// first.
func cutRange(x []float32, p, ranges int) []float32 {
	lo, hi := share((len(x)+rangeBlock-1)/rangeBlock, p, ranges)
	return x[min(lo*rangeBlock, len(x)):min(hi*rangeBlock, len(x))]
}

// share is the w-th worker's of n things, lo..hi-1; where there are too few for
// all, the first workers have them.
func share(n, w, workers int) (lo, hi int) {
	return (w*n + workers - 1) / workers, ((w+1)*n + workers - 1) / workers
}

// addUp completes the sums of a phase: adds up those of the chunks, in their order, and
// looks at the result for the guard.
func (r *runner) addUp(ph *phaseWork) {
	for _, j := range ph.finishes {
		r.addChunks(j.st.stretch, 0, 1)
		j.st.finish(j.c)
	}
	r.found.Store(false)
	if r.plan.chunks != 1 || len(ph.looks) > 0 {
		r.share(r.ranges(ph), r.adding)
	}
}

// ranges is into how many ranges a phase's results are cut; more than there are
// threads would only take time.
func (r *runner) ranges(ph *phaseWork) int {
	if len(r.pool.helpers) == 0 {
		return 1
	}
	return ph.ranges
}

// addRange does addUp for one range.
func (r *runner) addRange(worker, p int) {
	ph := &r.phases[r.current]
	n := r.ranges(ph)
	begin := r.clock.start()
	for _, s := range ph.stretches {
		if s.steps[0].finish == nil {
			r.addChunks(s, p, n)
		}
	}
	r.clock.stopPart(begin, worker, len(r.plan.program.Nodes)+sums, p)
	for _, j := range ph.looks {
		c := r.rangeOf(j, worker, p, n)
		begin := r.clock.start()
		if !j.st.nothing(c) {
			r.found.Store(true)
		}
		r.clock.stopPart(begin, worker, j.st.node, p)
	}
}

// addChunks adds up a range of a stretch.
func (r *runner) addChunks(s *stretch, p, ranges int) {
	out := cutRange(r.whole(s), p, ranges)
	switch {
	case len(out) == 0:
	case r.plan.chunks == 0:
		clear(out)
	case r.plan.chunks > 1:
		sum := func(chunk int) []float32 { return cutRange(r.sums(s, chunk), p, ranges) }
		next := max(1, r.folded)
		r.isa.Add(out, sum(0), sum(next))
		for chunk := next + 1; chunk < r.plan.chunks; chunk++ {
			r.isa.Add(out, out, sum(chunk))
		}
	}
}

// fold adds a chunk's sums onto those of the chunks before it, where the caller has done
// them one after the other: it has them in its cache, and of what it wrote others then
// fetch one sum in place of several. Chunks are added in their order, so only the first
// ones can be; the last sum is left to addChunks.
func (r *runner) fold(worker, chunk int) {
	_, own := share(r.plan.chunks, 0, len(r.pool.helpers)+1)
	if worker != 0 || chunk != r.folded || chunk >= min(own, r.plan.chunks-1) || len(r.pool.helpers) == 0 {
		return
	}
	r.folded++
	if chunk == 0 {
		return // nothing is before it
	}
	begin := r.clock.start()
	for _, s := range r.phases[r.current].stretches {
		r.isa.Add(r.sums(s, 0), r.sums(s, 0), r.sums(s, chunk))
	}
	r.clock.stopPart(begin, worker, len(r.plan.program.Nodes)+sums, chunk) // part of adding up
}

// update does a phase's steps that go range by range.
func (r *runner) update(ph *phaseWork) {
	if len(ph.updates) == 0 {
		return
	}
	r.share(r.ranges(ph), r.updating)
	if r.poison {
		for _, j := range ph.updates {
			r.bury(j.st, 0, shared)
		}
	}
}

// updateRange does update for one range.
func (r *runner) updateRange(worker, p int) {
	ph := &r.phases[r.current]
	n := r.ranges(ph)
	for _, j := range ph.updates {
		c := r.rangeOf(j, worker, p, n)
		begin := r.clock.start()
		j.st.run(c)
		r.clock.stopPart(begin, worker, j.st.node, p)
	}
}

// rangeOf is a job on one of so many ranges of its operands and results; scalars are
// whole in each.
func (r *runner) rangeOf(j job, worker, p, ranges int) *call {
	if ranges == 1 {
		return j.c
	}
	c := &r.workers[worker].ranged
	c.in, c.also = c.in[:0], c.also[:0]
	scalars := len(j.c.in) - j.st.scalars
	for i, x := range j.c.in {
		if i < scalars {
			x = cutRange(x, p, ranges)
		}
		c.in = append(c.in, x)
	}
	for _, x := range j.c.also {
		c.also = append(c.also, cutRange(x, p, ranges))
	}
	c.out = cutRange(j.c.out, p, ranges)
	return c
}
