package cpu

import (
	"fmt"
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
	// constants are values no operation makes any more.
	constants []constantValue
	batch     int
	threads   int
	groups    int
	chunks    int
	// size is the number of floats of each value: of one group for batched
	// values, of all for others.
	size  []int
	place []place
	sumOf map[graph.ID]*step // what adds up a value

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
	gathers   []gathering
	chunked   []*step
	serial    []*step
	stretches []*stretch // its sums
	ranges    int        // into how many its sums and updates are cut
	looks     int        // 1 if the first serial step is done while sums are added up
	updates   int        // from which serial step on they go range by range
}

// step is one operation in its phase.
type step struct {
	binding
	node      int
	in        []graph.ID
	out       graph.ID
	also      []graph.ID // results but for the first
	scratchAt int        // offset of the binding's own memory: in scratch memory, for whole steps in shared memory
	stretch   *stretch   // where a reduced step adds up
	at        int        // its offset there
	dirty     []int      // operands whose spare lanes must be cleared first
	dead      []graph.ID // values nobody reads after this step, for poisoning
}

// results lists what a step computes.
func (st *step) results() []graph.ID { return append([]graph.ID{st.out}, st.also...) }

// over is the operand whose memory the i-th result may take over, graph.None where it
// needs memory of its own.
func (st *step) over(i int) graph.ID {
	operand := st.inPlace
	if i > 0 {
		operand = st.alsoInPlace[i-1]
	}
	if operand == 0 {
		return graph.None
	}
	return st.in[operand-1]
}

// once reports whether the i-th operand is no other operand as well, which may be read
// after results were written over the i-th.
func (st *step) once(i int) bool {
	return !slices.Contains(st.in[:i], st.in[i]) && !slices.Contains(st.in[i+1:], st.in[i])
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
	pl := &plan{source: p, threads: max(1, o.Threads)}
	if !o.unfused {
		p, pl.scaled, pl.origin = fuse(p)
		p, pl.constants, pl.origin = withoutConstants(p, pl.origin)
		p, pl.origin = joinLosses(p, pl.origin)
	}
	pl.program, pl.size, pl.place = p, make([]int, len(p.Values)), make([]place, len(p.Values))
	pl.sumOf = map[graph.ID]*step{}
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
	if !o.unfused {
		p, bindings, pl.origin = withoutReshapes(p, bindings, pl.origin)
		pl.program = p
	}
	s := newSchedule(p, bindings)
	pl.build(bindings, s, clean(p))
	for i := range pl.phases {
		pl.findStretches(&pl.phases[i])
	}
	pl.findRanges(o)
	return pl, pl.allocate(s)
}

// sourceNode is the index in source of what a step does.
func (pl *plan) sourceNode(st *step) int {
	if pl.origin == nil {
		return st.node
	}
	return pl.origin[st.node]
}

// parts is into how many parts an operation on everything is cut at most.
func (pl *plan) parts() int {
	most := 1
	for _, ph := range pl.phases {
		for _, st := range ph.chunked {
			if pl.chunks == 1 {
				most = max(most, st.parts)
			}
		}
		for _, st := range ph.serial {
			most = max(most, st.parts)
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
	pl.groups = kernel.Groups(pl.batch)
	pl.chunks = min(pl.groups, maxChunks)
	return nil
}

// chunk is the range of groups of chunk c.
func (pl *plan) chunk(c int) (g0, g1 int) {
	return c * pl.groups / pl.chunks, (c + 1) * pl.groups / pl.chunks
}

// workers is how many threads do parts of a step at once.
func (pl *plan) workers(st *step) int { return max(1, min(pl.threads, st.parts)) }

// chunkGroups is the number of groups of the biggest chunk of so many groups.
func chunkGroups(groups int) int { return (groups + maxChunks - 1) / maxChunks }

// build distributes the operations over the phases.
func (pl *plan) build(bindings []binding, s schedule, clean []bool) {
	pl.phases = make([]phase, s.phases+1) // the first has no chunked part
	for i, in := range pl.program.Inputs {
		if pl.program.Values[in.Value].Batched {
			ph := &pl.phases[min(s.gather[in.Value]+1, s.phases)]
			ph.gathers = append(ph.gathers, pl.gathering(i))
		}
	}
	for i, n := range pl.program.Nodes {
		ph := &pl.phases[s.phase[i]+1]
		st := &step{binding: bindings[i], node: i, in: n.In, out: n.Out, also: outs(n)[1:]}
		for _, id := range summed(n) {
			if pl.batch%kernel.Lanes != 0 && !clean[id] {
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
