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
		if !st.byElement || st.out == pl.program.Guard { // which is looked at when it is made
			return i
		}
		n := pl.size[st.out]
		for _, id := range st.in {
			if size := pl.size[id]; size != n && (size != 1 || changed[id]) {
				return i
			}
		}
		changed[st.out] = true
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

// addUp completes the sums of the current phase: adds up those of the chunks, in
// their order, and looks at the result for the guard.
func (r *runner) addUp() {
	ph := r.current
	for _, st := range ph.chunked {
		if st.class != reduced || st.finish == nil {
			continue
		}
		r.addChunks(st, 0, 1)
		c := &r.calls[0]
		c.in = c.in[:0]
		for _, id := range st.in {
			if r.plan.program.Values[id].Batched {
				c.in = append(c.in, nil) // gone
			} else {
				c.in = append(c.in, r.complete(id))
			}
		}
		c.out, c.groups, c.first = r.complete(st.out), r.plan.groups, 0
		st.finish(c)
	}
	r.found.Store(false)
	if r.plan.chunks != 1 || ph.looks > 0 {
		r.pool.run(r.ranges(), r.adding)
	}
}

// ranges is into how many ranges the current phase's results are cut; more than
// there are threads would only take time.
func (r *runner) ranges() int {
	if len(r.pool.helpers) == 0 {
		return 1
	}
	return r.current.ranges
}

// addRange does addUp for one range.
func (r *runner) addRange(w, p int) {
	ph, n := r.current, r.ranges()
	begin := r.clock.start()
	for _, st := range ph.chunked {
		if st.class == reduced && st.finish == nil {
			r.addChunks(st, p, n)
		}
	}
	r.clock.stopPart(begin, w, len(r.plan.program.Nodes)+sums, p)
	for _, st := range ph.serial[:ph.looks] {
		c := &r.calls[w]
		r.operands(c, st, p, n)
		begin := r.clock.start()
		if !st.nothing(c) {
			r.found.Store(true)
		}
		r.clock.stopPart(begin, w, st.node, p)
	}
}

// addChunks adds up a range of a step's sums.
func (r *runner) addChunks(st *step, p, ranges int) {
	out := cutRange(r.complete(st.out), p, ranges)
	if len(out) == 0 {
		return
	}
	switch {
	case r.plan.chunks == 0:
		clear(out)
	case r.plan.chunks > 1:
		sum := func(chunk int) []float32 { return cutRange(r.sum(st, chunk), p, ranges) }
		r.isa.Add(out, sum(0), sum(1))
		for chunk := 2; chunk < r.plan.chunks; chunk++ {
			r.isa.Add(out, out, sum(chunk))
		}
	}
}

// update does the current phase's steps that go range by range.
func (r *runner) update() {
	if r.current.updates < len(r.current.serial) {
		r.pool.run(r.ranges(), r.updating)
	}
}

// updateRange does update for one range.
func (r *runner) updateRange(w, p int) {
	ph, c, n := r.current, &r.calls[w], r.ranges()
	for _, st := range ph.serial[ph.updates:] {
		r.operands(c, st, p, n)
		if c.out = cutRange(r.complete(st.out), p, n); len(c.out) > 0 {
			begin := r.clock.start()
			st.run(c)
			r.clock.stopPart(begin, w, st.node, p)
		}
	}
}
