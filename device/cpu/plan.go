package cpu

import (
	"fmt"
	"math"
	"slices"

	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// maxChunks bounds the number of chunks of a batch, and so the memory for sums
// per chunk. It is part of the definition of every sum over a batch: another
// number gives other last bits.
const maxChunks = 8

// space is a kind of memory.
type space int

const (
	scratch space = iota // of the chunk that is being worked on
	kept                 // batched values that outlive the chunked part
	shared               // values without a batch dimension
	state                // of the Exec's states
)

// maxMemory bounds the memory of a program, in bytes, so that what does not fit
// any machine this runs on is refused instead of tried.
const maxMemory = 16 << 30

// place is where a value lives.
type place struct {
	space  space
	offset int // floats; within the state's own slot for states
	slot   int // which state
}

// plan is a program ready to run: what runs when, and where everything lives.
type plan struct {
	source  *graph.Program      // as it was given
	program *graph.Program      // as it is run
	scaled  map[int]op.AffineOp // inputs scaled while they are gathered
	origin  []int               // of each operation, in source; nil for the same
	batch   int
	groups  int
	chunks  int
	// size is the number of floats of each value: of one group for batched
	// values, of all for others.
	size  []int
	place []place

	given   graph.ID // the guard, where it is an input or a state
	phases  []phase
	ticks   []int // when each node runs
	copies  []stateCopy
	sums    []graph.Output
	scratch int // floats of one scratch memory
	shared  int // floats of the shared memory
}

// phase is a chunked part and the serial part that follows.
type phase struct {
	gathers []int // indices of program inputs
	chunked []*step
	serial  []*step
}

// step is one operation in its phase.
type step struct {
	binding
	node      int
	in        []graph.ID
	out       graph.ID
	scratchAt int        // offset in scratch memory of the binding's own memory
	partial   int        // offset in shared memory of the sums per chunk, for reduced steps of several chunks
	dirty     []int      // operands whose spare lanes must be cleared first
	dead      []graph.ID // values nobody reads after this step, for poisoning
}

// stateCopy brings a new value to its state at the end of a step, where it was
// not made in place. Values that are another state's memory go through a
// temporary place first.
type stateCopy struct {
	from      graph.ID
	slot      int
	temporary int // offset in shared memory
}

// newPlan compiles a program.
func newPlan(p *graph.Program, o Options) (*plan, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	pl := &plan{source: p}
	if !o.unfused {
		p, pl.scaled, pl.origin = fuse(p)
	}
	pl.program, pl.size, pl.place = p, make([]int, len(p.Values)), make([]place, len(p.Values))
	if err := pl.measure(); err != nil {
		return nil, err
	}
	pl.given = graph.None
	if g := p.Guard; g != graph.None && makers(p)[g] < 0 {
		pl.given = g
	}
	bindings := make([]binding, len(p.Nodes))
	for i, n := range p.Nodes {
		t := types{out: p.Values[n.Out]}
		for _, id := range n.In {
			t.in = append(t.in, p.Values[id])
		}
		bindings[i] = bind(n.Op, t, o.ISA)
	}
	s := newSchedule(p, bindings)
	pl.build(bindings, s, clean(p))
	return pl, pl.allocate(s)
}

// sourceNode is the index in source of what a step does.
func (pl *plan) sourceNode(st *step) int {
	if pl.origin == nil {
		return st.node
	}
	return pl.origin[st.node]
}

// parts is into how many parts an operation on the only chunk is cut at most.
func (pl *plan) parts() int {
	most := 1
	for _, ph := range pl.phases {
		for _, st := range ph.chunked {
			if pl.chunks == 1 {
				most = max(most, st.parts)
			}
		}
	}
	return most
}

// measure finds the batch and the size of every value.
func (pl *plan) measure() error {
	batch := -1
	for id, t := range pl.program.Values {
		if !t.Batched {
			pl.size[id] = t.Size()
			continue
		}
		if batch >= 0 && batch != t.Shape[0] {
			return fmt.Errorf("expected one batch size, got %d and %d", batch, t.Shape[0])
		}
		batch = t.Shape[0]
		pl.size[id] = features(t) * kernel.Lanes
	}
	pl.batch = max(batch, 0)
	pl.groups = (pl.batch + kernel.Lanes - 1) / kernel.Lanes
	pl.chunks = min(pl.groups, maxChunks)
	return nil
}

// chunk is the range of groups of chunk c.
func (pl *plan) chunk(c int) (g0, g1 int) {
	return c * pl.groups / pl.chunks, (c + 1) * pl.groups / pl.chunks
}

// chunkGroups is the number of groups of the biggest chunk.
func (pl *plan) chunkGroups() int {
	if pl.chunks == 0 {
		return 0
	}
	return (pl.groups + pl.chunks - 1) / pl.chunks
}

// build distributes the operations over the phases.
func (pl *plan) build(bindings []binding, s schedule, clean []bool) {
	pl.phases = make([]phase, s.phases+1) // the first has no chunked part
	for i, in := range pl.program.Inputs {
		if pl.program.Values[in.Value].Batched {
			ph := &pl.phases[min(s.gather[in.Value]+1, s.phases)]
			ph.gathers = append(ph.gathers, i)
		}
	}
	for i, n := range pl.program.Nodes {
		ph := &pl.phases[s.phase[i]+1]
		st := &step{binding: bindings[i], node: i, in: n.In, out: n.Out}
		for _, id := range summed(n) {
			if st.class == reduced && pl.batch%kernel.Lanes != 0 && !clean[id] {
				st.dirty = append(st.dirty, slices.Index(n.In, id))
			}
		}
		if st.class == whole {
			ph.serial = append(ph.serial, st)
		} else {
			ph.chunked = append(ph.chunked, st)
		}
	}
	for _, o := range pl.program.Outputs {
		if o.Sum {
			pl.sums = append(pl.sums, o)
		}
	}
}

// allocate gives every value its place.
func (pl *plan) allocate(s schedule) error {
	for i, st := range pl.program.States {
		pl.place[st.In] = place{space: state, slot: i}
	}
	life := pl.lifetimes()
	if err := pl.allocateScratch(s, life); err != nil {
		return err
	}
	return pl.allocateShared(s, life)
}

// lifetime is the ticks between which a value is needed.
type lifetime struct{ first, last int }

const forever = math.MaxInt

// lifetimes counts ticks: one per chunked step, one for adding up the sums of
// the chunks, one per serial step.
func (pl *plan) lifetimes() []lifetime {
	p := pl.program
	life := make([]lifetime, len(p.Values))
	for id := range life {
		life[id] = lifetime{-1, -1}
	}
	steps := map[graph.ID]*step{}
	tick := 0
	pl.ticks = make([]int, len(p.Nodes))
	visit := func(st *step, made int) {
		pl.ticks[st.node] = tick
		life[st.out] = lifetime{made, made}
		for _, id := range st.in {
			life[id].last = max(life[id].last, tick)
			steps[id] = st
		}
	}
	for i := range pl.phases {
		ph := &pl.phases[i]
		for _, in := range ph.gathers {
			life[p.Inputs[in].Value] = lifetime{tick, tick}
		}
		tick++
		addUp := tick + len(ph.chunked)
		for _, st := range ph.chunked {
			made := tick
			if st.class == reduced {
				made = addUp
			}
			visit(st, made)
			tick++
		}
		tick++
		for _, st := range ph.serial {
			visit(st, tick)
			tick++
		}
	}
	for _, in := range p.Inputs {
		if in.Feed != graph.Sample {
			life[in.Value].last = forever // set once for many steps
		}
	}
	for _, o := range p.Outputs {
		life[o.Value].last = forever
	}
	if p.Guard != graph.None {
		life[p.Guard].last = forever
	}
	for _, st := range p.States {
		life[st.Out].last = forever
	}
	for id, st := range steps {
		if life[id].last != forever {
			st.dead = append(st.dead, id)
		}
	}
	return life
}

// allocateScratch places the values that are made and read by one chunk in one
// phase.
func (pl *plan) allocateScratch(s schedule, life []lifetime) error {
	intervals, own := map[graph.ID]*interval{}, map[*step]*interval{}
	var list []*interval
	add := func(id graph.ID) {
		if s.crosses[id] || !pl.program.Values[id].Batched {
			return
		}
		v := &interval{fmt.Sprintf("%%%d", id), life[id].first, life[id].last, pl.size[id] * pl.chunkGroups(), 0}
		intervals[id] = v
		list = append(list, v)
	}
	for _, ph := range pl.phases {
		for _, in := range ph.gathers {
			add(pl.program.Inputs[in].Value)
		}
		for _, st := range ph.chunked {
			if st.scratch > 0 {
				tick := pl.ticks[st.node]
				own[st] = &interval{fmt.Sprintf("scratch of %%%d", st.out), tick, tick, st.scratch, 0}
				list = append(list, own[st])
			}
			if st.inPlace > 0 && !s.crosses[st.out] {
				from := st.in[st.inPlace-1]
				if v, ok := intervals[from]; ok && v.last == life[st.out].first && pl.size[from] == pl.size[st.out] {
					v.last = life[st.out].last // the result takes the operand's place
					intervals[st.out] = v
					continue
				}
			}
			if st.class == mapped {
				add(st.out)
			}
		}
	}
	pl.scratch = arrange(list)
	for id, v := range intervals {
		pl.place[id] = place{space: scratch, offset: v.offset}
	}
	for st, v := range own {
		st.scratchAt = v.offset
	}
	return checkOverlap(list)
}

// allocateShared places what outlives a chunked part, and the sums per chunk.
func (pl *plan) allocateShared(s schedule, life []lifetime) error {
	var list []*interval
	var then []func()
	add := func(what string, first, last, size int, set func(offset int)) {
		v := &interval{what, first, last, size, 0}
		list = append(list, v)
		then = append(then, func() { set(v.offset) })
	}
	updated := pl.updatesInPlace(life)
	made := map[graph.ID]bool{}
	for i := range pl.phases {
		ph := &pl.phases[i]
		begin, addUp := pl.chunkedTicks(i, life)
		for _, st := range append(ph.chunked[:len(ph.chunked):len(ph.chunked)], ph.serial...) {
			made[st.out] = true
			if slot, ok := updated[st.out]; ok {
				pl.place[st.out] = place{space: state, slot: slot}
				continue
			}
			id, size, kind, from := st.out, pl.size[st.out], shared, life[st.out].first
			if pl.program.Values[id].Batched {
				if !s.crosses[id] {
					continue
				}
				size, kind, from = size*pl.groups, kept, min(from, begin)
				if st.class == whole {
					from = life[id].first
				}
			}
			if st.class == reduced && pl.chunks == 1 {
				from = begin // the only chunk adds onto the result itself
			}
			add(fmt.Sprintf("%%%d", id), from, life[id].last, size, func(o int) { pl.place[id] = place{space: kind, offset: o} })
			if st.class == reduced && pl.chunks > 1 {
				add(fmt.Sprintf("sums of %%%d", id), begin, addUp, roundUp(size)*pl.chunks, func(o int) { st.partial = o })
			}
		}
	}
	for _, in := range pl.program.Inputs {
		id, size, kind := in.Value, pl.size[in.Value], shared
		if pl.program.Values[id].Batched {
			if !s.crosses[id] {
				continue
			}
			size, kind = size*pl.groups, kept
		}
		add("input "+in.Name, -1, forever, size, func(o int) { pl.place[id] = place{space: kind, offset: o} })
	}
	for slot, st := range pl.program.States {
		if _, ok := updated[st.Out]; ok || st.Out == st.In {
			continue
		}
		pl.copies = append(pl.copies, stateCopy{from: st.Out, slot: slot})
		i := len(pl.copies) - 1
		add("next "+st.Name, forever, forever, pl.size[st.Out], func(o int) { pl.copies[i].temporary = o })
	}
	pl.shared = arrange(list)
	if total := pl.shared + pl.scratch; total > maxMemory/4 {
		return fmt.Errorf("batch: expected one that needs at most %d GiB of memory, got %d samples that need %.1f GiB; use a smaller batch or network",
			maxMemory>>30, pl.batch, float64(total)*4/(1<<30))
	}
	for _, set := range then {
		set()
	}
	return checkOverlap(list)
}

// chunkedTicks is when a phase's chunked part begins and when its sums are
// added up. Chunks run side by side, so what they share is needed throughout.
func (pl *plan) chunkedTicks(phase int, life []lifetime) (begin, addUp int) {
	for i := range phase {
		begin += 2 + len(pl.phases[i].chunked) + len(pl.phases[i].serial)
	}
	return begin, begin + 1 + len(pl.phases[phase].chunked)
}

// updatesInPlace finds the new values of states that can be written over the
// old ones: those whose operation allows it, runs after the guard, and is the
// last to read the old value.
func (pl *plan) updatesInPlace(life []lifetime) map[graph.ID]int {
	updated := map[graph.ID]int{}
	guard := -1
	if g := pl.program.Guard; g != graph.None {
		guard = life[g].first
	}
	for slot, st := range pl.program.States {
		if st.Out == st.In {
			continue
		}
		for _, ph := range pl.phases {
			for _, s := range ph.serial {
				at := life[s.out].first
				if s.out == st.Out && s.inPlace > 0 && s.in[s.inPlace-1] == st.In && at > guard && life[st.In].last == at {
					if _, taken := updated[st.Out]; !taken {
						updated[st.Out] = slot
					}
				}
			}
		}
	}
	return updated
}
