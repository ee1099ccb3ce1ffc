package cpu

import (
	"math"
	"sync/atomic"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
)

// runner executes one plan. Everything it needs is allocated when it is made, and what
// does not change from step to step is looked up then.
type runner struct {
	plan    *plan
	pool    *pool
	states  [][]float32 // by slot
	shared  []float32
	counts  [][]float32 // inputs that say how many samples count
	given   []float32   // the guard, where the program is given one
	phases  []phaseWork
	workers []worker

	inputs           []device.Data           // of the current call, by program input
	order            []int32                 // samples of the current step
	valid            int                     // how many of them count
	current          int                     // phase
	folded           int                     // chunks of the phase whose sums are added up in the first one's place
	chunked          func(worker, chunk int) // runChunk, bound once: a method value allocates
	adding, updating func(worker, part int)  // addRange and updateRange, likewise
	found            atomic.Bool             // what the guard may have to count
	cut              func(worker, part int)  // runPart, likewise
	cutting          job                     // what runPart does a part of
	totals           []float64               // of the sum outputs
	isa              kernel.ISA
	poison           bool
	clock            *clock // nil unless somebody wants a profile
}

// job is a step with the memory it works on.
type job struct {
	st *step
	c  *call
}

// phaseWork is a phase with the jobs that see complete values.
type phaseWork struct {
	*phase
	moves    []bool // which chunked steps have other operands in every chunk
	finishes []job  // of sums that want more than adding up
	looks    []job  // at what the sums have become
	serial   []job  // one after the other, what had a look included
	updates  []job  // range by range
	guarded  bool   // a sum is the guard
}

func newRunner(pl *plan, e *exec, arena []float32, o Options) *runner {
	r := &runner{
		plan: pl, pool: e.pool, poison: o.poison, isa: o.ISA,
		shared: arena[:pl.shared],
		inputs: make([]device.Data, len(pl.program.Inputs)),
		totals: make([]float64, len(pl.sums)),
	}
	for _, st := range pl.program.States {
		r.states = append(r.states, e.states[st.Name])
	}
	for _, in := range pl.program.Inputs {
		if in.Feed == graph.Count {
			r.counts = append(r.counts, r.complete(in.Value))
		}
	}
	if pl.given != graph.None {
		r.given = r.complete(pl.given)
	}
	for i := range pl.phases {
		r.phases = append(r.phases, r.newWork(&pl.phases[i]))
	}
	for i := range len(e.pool.helpers) + 1 {
		var w worker
		if i < min(o.Threads, pl.chunks) {
			w = newWorker(pl, arena[pl.shared+i*pl.scratch:][:pl.scratch])
		}
		r.workers = append(r.workers, w)
	}
	r.chunked, r.cut, r.adding, r.updating = r.runChunk, r.runPart, r.addRange, r.updateRange
	return r
}

// newWork prepares what sees complete values in a phase.
func (r *runner) newWork(ph *phase) phaseWork {
	w := phaseWork{phase: ph}
	for _, st := range ph.chunked {
		w.moves = append(w.moves, r.plan.moves(st))
		w.guarded = w.guarded || st.out == r.plan.program.Guard
		if st.finish != nil {
			w.finishes = append(w.finishes, r.newJob(st))
		}
	}
	for _, st := range ph.serial[:ph.looks] {
		w.looks = append(w.looks, r.joined(r.newJob(st)))
	}
	for _, st := range ph.serial[:ph.updates] {
		w.serial = append(w.serial, r.newJob(st))
	}
	for _, st := range ph.serial[ph.updates:] {
		w.updates = append(w.updates, r.joined(r.newJob(st)))
	}
	return w
}

// newJob prepares a step that sees complete values.
func (r *runner) newJob(st *step) job {
	c := &call{out: r.complete(st.out), groups: r.plan.groups, scratch: r.ownScratch(st, 0)}
	for _, id := range st.in {
		if st.class == reduced && r.plan.program.Values[id].Batched {
			c.in = append(c.in, nil) // gone when the sum is finished
		} else {
			c.in = append(c.in, r.complete(id))
		}
	}
	for _, id := range st.also {
		c.also = append(c.also, r.complete(id))
	}
	return job{st, c}
}

// set stores the scalar inputs of a call, and the constants: programs share their
// memory.
func (r *runner) set(settings device.Settings) {
	for _, c := range r.plan.constants {
		x := r.complete(c.id)
		for i := range x {
			x[i] = c.number
		}
	}
	for _, in := range r.plan.program.Inputs {
		if in.Feed == graph.Setting {
			r.complete(in.Value)[0] = settings[in.Name]
		}
	}
}

// columns remembers where the samples of a call come from.
func (r *runner) columns(data map[string]device.Data) {
	for i, in := range r.plan.program.Inputs {
		r.inputs[i] = data[in.Name]
	}
}

// complete is the memory of a whole value that outlives the chunks.
func (r *runner) complete(id graph.ID) []float32 {
	p, size := r.plan.place[id], r.plan.size[id]
	switch p.space {
	case state:
		return r.states[p.slot]
	case kept:
		size *= r.plan.groups
	}
	return r.shared[p.offset:][:size]
}

// step runs the program once on the samples of the order, of which the first
// `valid` count. When the guard is not zero it stops there: what comes later
// has not happened.
func (r *runner) step(order []int32, valid int) error {
	r.order, r.valid = order, valid
	if r.poison {
		r.poisonScratch()
	}
	for _, count := range r.counts {
		count[0] = float32(valid)
	}
	if r.given != nil && r.given[0] != 0 {
		return r.nonFinite([]graph.ID{r.plan.given})
	}
	for i := range r.phases {
		ph := &r.phases[i]
		r.current, r.folded = i, 0
		if len(ph.chunked)+len(ph.gathers) > 0 {
			r.share(r.plan.chunks, r.chunked)
		}
		r.addUp(ph)
		if guard := r.plan.program.Guard; ph.guarded && r.complete(guard)[0] != 0 {
			return r.nonFinite([]graph.ID{guard})
		}
		if err := r.serial(ph); err != nil {
			return err
		}
		r.update(ph)
	}
	return nil
}

// share has tasks done by the threads; one alone is done here.
func (r *runner) share(tasks int, task func(worker, task int)) {
	if tasks == 1 {
		task(0, 0)
	} else if tasks > 1 {
		r.pool.run(tasks, task)
	}
}

// serial does the steps of a phase that see complete values, one after the other.
func (r *runner) serial(ph *phaseWork) error {
	for i, j := range ph.serial {
		if i < len(ph.looks) && !r.found.Load() {
			clear(j.c.out)
		} else {
			r.runWhole(j)
		}
		if j.st.out == r.plan.program.Guard && j.c.out[0] != 0 {
			return r.nonFinite(j.st.in)
		}
		if r.poison {
			r.bury(j.st, 0, shared)
		}
	}
	return nil
}

// runWhole does a step on complete values.
func (r *runner) runWhole(j job) {
	for _, operand := range j.st.dirty {
		r.clearSpare(j.c, operand, r.plan.groups)
	}
	if r.poison {
		fill(j.c.scratch)
	}
	begin := r.clock.start()
	if j.st.parts > 1 && len(r.pool.helpers) > 0 {
		r.cutting = j
		r.pool.run(j.st.parts, r.cut)
	} else {
		j.st.run(j.c)
	}
	r.clock.stop(begin, 0, j.st.node)
}

// runPart does one part of an operation on everything or on the only chunk.
func (r *runner) runPart(worker, part int) {
	c := &r.workers[worker].part
	*c = *r.cutting.c
	if r.cutting.st.class == whole {
		c.scratch = r.ownScratch(r.cutting.st, worker)
		if r.poison {
			fill(c.scratch)
		}
	}
	r.cutting.st.cut(c, part)
}

// ownScratch is the memory of a whole step for itself, another for each worker.
func (r *runner) ownScratch(st *step, worker int) []float32 {
	if st.class != whole || st.scratch == 0 {
		return nil
	}
	return r.shared[st.scratchAt+worker*roundUp(st.scratch):][:st.scratch]
}

// commit ends a step: new values that were not made in place are brought to
// their states. Outputs are read before that.
func (r *runner) commit() {
	begin := r.clock.start()
	defer r.clock.stopOther(begin, 0, stateCopies)
	for _, s := range r.plan.copies {
		copy(r.shared[s.temporary:], r.complete(s.from))
	}
	for _, s := range r.plan.copies {
		copy(r.states[s.slot], r.shared[s.temporary:])
	}
}

// addTotals adds the sum outputs of a step, sample by sample.
func (r *runner) addTotals() {
	for i, o := range r.plan.sums {
		v, total := r.complete(o.Value), r.totals[i]
		batched, n := r.plan.program.Values[o.Value].Batched, r.plan.size[o.Value]/kernel.Lanes
		if batched && n == 1 { // samples follow each other
			v, batched = v[:r.valid], false
		}
		if !batched {
			for _, x := range v {
				total += float64(x)
			}
		} else {
			for sample := range r.valid {
				for f := range n {
					total += float64(v[(sample/kernel.Lanes*n+f)*kernel.Lanes+sample%kernel.Lanes])
				}
			}
		}
		r.totals[i] = total
	}
}

// output is a copy of a value in row-major order.
func (r *runner) output(id graph.ID) []float32 {
	t := r.plan.program.Values[id]
	if !t.Batched {
		return append([]float32{}, r.complete(id)...)
	}
	return rowMajor(r.complete(id), r.plan.batch, features(t))
}

// nonFinite describes the first non-finite number among the guard's operands.
func (r *runner) nonFinite(guarded []graph.ID) error {
	e := &device.NonFiniteError{Value: "guard", Index: -1, Got: math.NaN()}
	for _, id := range guarded {
		x := r.complete(id)
		if r.plan.program.Values[id].Batched {
			x = r.output(id)
		}
		if i := kernel.FirstNonFinite(x); i >= 0 {
			e.Value, e.Got = r.plan.program.NameOf(id), float64(x[i])
			if len(x) > 1 {
				e.Index = i
			}
			break
		}
	}
	return e
}
