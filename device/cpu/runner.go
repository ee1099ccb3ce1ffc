package cpu

import (
	"math"
	"sync/atomic"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/kernel/chain"
)

// runner executes one plan. Everything it needs is allocated when it is made.
type runner struct {
	plan   *plan
	pool   *pool
	states [][]float32 // by slot
	shared []float32
	// scratch is the workers' memories for the chunk they work on.
	scratch [][]float32
	calls   []call // by worker
	parts   []call // by worker: calls[0] with scratch memory of its own

	inputs           []device.Data // of the current call, by program input
	order            []int32       // samples of the current step
	next             []int32       // samples of the step after that, as far as they are known
	valid            int           // how many of them count
	current          *phase
	chunked          func(worker, chunk int) // runChunk, bound once: a method value allocates
	adding, updating func(worker, part int)  // addRange and updateRange, likewise
	found            atomic.Bool             // what the guard may have to count
	cut              func(worker, part int)  // runPart, likewise
	cutting          *step                   // what runPart does a part of
	totals           []float64               // of the sum outputs
	isa              kernel.ISA
	poison           bool
	clock            *clock // nil unless somebody wants a profile
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
	operands := 0
	for _, n := range pl.program.Nodes {
		operands = max(operands, len(n.In))
	}
	for w := range max(1, min(o.Threads, pl.chunks)) {
		base := pl.shared + w*pl.scratch
		if pl.chunks > 0 {
			r.scratch = append(r.scratch, arena[base:base+pl.scratch])
		}
		r.calls = append(r.calls, call{in: make([][]float32, 0, operands), also: make([][]float32, 0, chain.MaxSlices)})
	}
	r.parts = make([]call, len(e.pool.helpers)+1)
	r.chunked, r.cut, r.adding, r.updating = r.runChunk, r.runPart, r.addRange, r.updateRange
	return r
}

// set stores the scalar inputs of a call.
func (r *runner) set(settings device.Settings) {
	for _, in := range r.plan.program.Inputs {
		if in.Feed == graph.Setting {
			r.view(in.Value, 0, 0)[0] = settings[in.Name]
		}
	}
}

// columns remembers where the samples of a call come from.
func (r *runner) columns(data map[string]device.Data) {
	for i, in := range r.plan.program.Inputs {
		r.inputs[i] = data[in.Name]
	}
}

// view is the memory of a value as worker w sees it while it works on chunk c;
// values that are not batched are the same for all.
func (r *runner) view(id graph.ID, c, w int) []float32 {
	pl, p, size := r.plan, r.plan.place[id], r.plan.size[id]
	switch p.space {
	case state:
		return r.states[p.slot]
	case scratch:
		g0, g1 := pl.chunk(c)
		return r.scratch[w][p.offset:][:size*(g1-g0)]
	case kept:
		g0, g1 := pl.chunk(c)
		return r.shared[p.offset+g0*size:][:size*(g1-g0)]
	}
	return r.shared[p.offset:][:size]
}

// complete is the memory of a whole value.
func (r *runner) complete(id graph.ID) []float32 {
	if p := r.plan.place[id]; p.space == kept {
		return r.shared[p.offset:][:r.plan.size[id]*r.plan.groups]
	}
	return r.view(id, 0, 0)
}

// step runs the program once on the samples of the order, of which the first
// `valid` count. When the guard is not zero it stops there: what comes later
// has not happened.
func (r *runner) step(order []int32, valid int) error {
	r.order, r.valid = order, valid
	if r.poison {
		r.poisonScratch()
	}
	for _, in := range r.plan.program.Inputs {
		if in.Feed == graph.Count {
			r.view(in.Value, 0, 0)[0] = float32(valid)
		}
	}
	if g := r.plan.given; g != graph.None && r.complete(g)[0] != 0 {
		return r.nonFinite([]graph.ID{g})
	}
	for i := range r.plan.phases {
		r.current = &r.plan.phases[i]
		switch n := len(r.current.chunked) + len(r.current.gathers); {
		case n == 0 || r.plan.chunks == 0:
		case r.plan.chunks == 1:
			r.runChunk(0, 0)
		default:
			r.pool.run(r.plan.chunks, r.chunked)
		}
		r.addUp()
		for _, st := range r.current.chunked {
			if st.out == r.plan.program.Guard && r.complete(st.out)[0] != 0 {
				return r.nonFinite([]graph.ID{st.out})
			}
		}
		if err := r.serial(); err != nil {
			return err
		}
	}
	return nil
}

// serial does the serial part of the current phase.
func (r *runner) serial() error {
	ph := r.current
	for i, st := range ph.serial[:ph.updates] {
		c := &r.calls[0]
		r.operands(c, st, 0, 1)
		c.out, c.groups, c.first = r.complete(st.out), r.plan.groups, 0
		if i < ph.looks && !r.found.Load() {
			clear(c.out)
		} else {
			for _, j := range st.dirty {
				r.clearSpare(c, j, r.plan.groups)
			}
			c.scratch = r.ownScratch(st, 0)
			begin := r.clock.start()
			if st.parts > 1 && len(r.pool.helpers) > 0 {
				r.cutting = st
				r.pool.run(st.parts, r.cut)
			} else {
				st.run(c)
			}
			r.clock.stop(begin, 0, st.node)
		}
		if st.out == r.plan.program.Guard && c.out[0] != 0 {
			return r.nonFinite(st.in)
		}
		r.bury(st, 0, shared)
	}
	r.update()
	for _, st := range ph.serial[ph.updates:] {
		r.bury(st, 0, shared)
	}
	return nil
}

// operands sets the call's operands to a range of complete values; scalars are
// whole in each.
func (r *runner) operands(c *call, st *step, p, ranges int) {
	c.in = c.in[:0]
	for _, id := range st.in {
		x := r.complete(id)
		if ranges > 1 && (len(x) > 1 || r.plan.size[st.out] == 1) {
			x = cutRange(x, p, ranges)
		}
		c.in = append(c.in, x)
	}
}

// runChunk does the chunked part of the current phase for one chunk. Where there
// is only one, big operations are cut into parts for the other threads.
func (r *runner) runChunk(w, chunk int) {
	g0, g1 := r.plan.chunk(chunk)
	c := &r.calls[w]
	c.groups, c.first = g1-g0, g0*kernel.Lanes
	for _, input := range r.current.gathers {
		begin := r.clock.start()
		r.gather(input, chunk, w)
		r.clock.stopOther(begin, w, gathers)
	}
	for _, st := range r.current.chunked {
		c.in = c.in[:0]
		for _, id := range st.in {
			c.in = append(c.in, r.view(id, chunk, w))
		}
		if n := st.scratch; n > 0 {
			c.scratch = r.scratch[w][st.scratchAt:][:n]
		}
		if st.class == reduced {
			c.out = r.sum(st, chunk)
			clear(c.out)
		} else {
			c.out = r.view(st.out, chunk, w)
		}
		c.also = c.also[:0]
		for _, id := range st.also {
			c.also = append(c.also, r.view(id, chunk, w))
		}
		for _, i := range st.dirty {
			r.clearSpare(c, i, g1)
		}
		begin := r.clock.start()
		if st.parts > 1 && r.plan.chunks == 1 {
			r.cutting = st
			r.pool.run(st.parts, r.cut)
		} else {
			st.run(c)
		}
		r.clock.stop(begin, w, st.node)
		r.bury(st, w, scratch)
	}
}

// clearSpare makes an operand's lanes without a sample zero, where the call's last
// group, the one before group `end`, has any.
func (r *runner) clearSpare(c *call, operand, end int) {
	if samples := r.plan.batch - (end-1)*kernel.Lanes; samples < kernel.Lanes && c.groups > 0 {
		clearSpare(c.group(c.in[operand], c.groups-1), samples)
	}
}

// ownScratch is the memory of a whole step for itself, another for each worker.
func (r *runner) ownScratch(st *step, worker int) []float32 {
	if st.class != whole || st.scratch == 0 {
		return nil
	}
	own := r.shared[st.scratchAt+worker*roundUp(st.scratch):][:st.scratch]
	if r.poison {
		fill(own)
	}
	return own
}

// runPart does one part of an operation on everything or on the only chunk, whose
// call worker 0 has prepared.
func (r *runner) runPart(worker, part int) {
	c := &r.parts[worker]
	*c = r.calls[0]
	c.scratch = r.ownScratch(r.cutting, worker)
	r.cutting.cut(c, part)
}

// gather brings a chunk's samples of an input into their lanes, scaled where
// the plan says so. Where there are fewer samples than lanes, the batch's first
// sample stands in: whatever is computed of it is as finite as the batch is.
func (r *runner) gather(input, chunk, w int) {
	id, data := r.plan.program.Inputs[input].Value, r.inputs[input]
	out, n := r.view(id, chunk, w), features(r.plan.program.Values[id])
	scale, shift := 1.0, 0.0
	if o, ok := r.plan.scaled[input]; ok {
		scale, shift = o.Scale, o.Shift
	}
	g0, g1 := r.plan.chunk(chunk)
	for g := g0; g < g1; g++ {
		group := out[(g-g0)*n*kernel.Lanes:][:n*kernel.Lanes]
		var samples [kernel.Lanes]int32
		for l := range samples {
			samples[l] = r.order[0]
		}
		copy(samples[:], part(r.order, g))
		if data.Uint8 != nil {
			r.isa.GatherBytes(group, data.Uint8, &samples, n, scale, shift)
			kernel.Prefetch(data.Uint8, part(r.next, g), n)
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
}

// part is the samples of one group.
func part(order []int32, group int) []int32 {
	lo := min(group*kernel.Lanes, len(order))
	return order[lo:min(lo+kernel.Lanes, len(order))]
}

// sum is the memory of a reduced step's sum over one chunk.
func (r *runner) sum(st *step, chunk int) []float32 {
	if r.plan.chunks == 1 {
		return r.complete(st.out)
	}
	size := r.plan.size[st.out]
	return r.shared[st.partial+chunk*roundUp(size):][:size]
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
		v := r.complete(o.Value)
		if !r.plan.program.Values[o.Value].Batched {
			for _, x := range v {
				r.totals[i] += float64(x)
			}
			continue
		}
		n := r.plan.size[o.Value] / kernel.Lanes
		for sample := range r.valid {
			for f := range n {
				r.totals[i] += float64(v[(sample/kernel.Lanes*n+f)*kernel.Lanes+sample%kernel.Lanes])
			}
		}
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
