package cpu

import (
	"time"

	"gradus/device"
)

// A Profile adds up how long the parts of a program's steps take. Give a new
// one to Options, and read it while no program runs. Looking at the clock around
// every operation takes time itself, about 50 ns each: a profiled step is slower
// than others, and small operations seem larger than they are.
type Profile struct{ clocks map[string]*clock }

// Timing is how long one part of a program's steps took: its chunks, all steps
// and all threads together.
type Timing struct {
	// NodePlan is what Exec.Describe has of an operation. What no operation asks
	// for has no Node.Op, and as its Kernel "gather" (bringing samples into
	// lanes), "add_chunks" (adding up the sums over the batch) or "copy_states".
	device.NodePlan
	Calls   int
	Seconds float64
}

// Reset forgets the times.
func (p *Profile) Reset() {
	for _, c := range p.clocks {
		for _, spans := range c.spans {
			clear(spans)
		}
	}
}

// Timings lists the parts of a program in the order in which a step runs them;
// nil if no such program was compiled. Compiling it again begins anew.
func (p *Profile) Timings(program string) []Timing {
	c := p.clocks[program]
	if c == nil {
		return nil
	}
	nodes := c.plan.program.Nodes
	other := func(what int, name string) Timing {
		return c.timing(len(nodes)+what, device.NodePlan{Kernel: name})
	}
	list := []Timing{other(gathers, "gather")}
	for _, ph := range c.plan.phases {
		for _, steps := range [][]*step{ph.chunked, ph.serial} {
			for _, st := range steps {
				list = append(list, c.timing(st.node, device.NodePlan{Node: nodes[st.node], Kernel: st.kernel}))
			}
		}
	}
	return append(list, other(sums, "add_chunks"), other(stateCopies, "copy_states"))
}

// What a clock times besides the operations; counted from the last of them.
const (
	gathers = iota
	sums
	stateCopies
	others // how many there are
)

// clock times one program. A nil clock does nothing.
type clock struct {
	plan  *plan
	spans [][]span // by worker, by node
}

type span struct {
	calls int
	time  time.Duration
}

func (p *Profile) clock(program string, pl *plan, workers int) *clock {
	if p == nil {
		return nil
	}
	c := &clock{plan: pl}
	for range workers {
		c.spans = append(c.spans, make([]span, len(pl.program.Nodes)+others))
	}
	if p.clocks == nil {
		p.clocks = map[string]*clock{}
	}
	p.clocks[program] = c
	return c
}

func (c *clock) start() (t time.Time) {
	if c != nil {
		t = time.Now()
	}
	return t
}

// stop adds the time since start to an operation of a worker.
func (c *clock) stop(since time.Time, worker, node int) { c.stopPart(since, worker, node, 0) }

// stopPart is stop for a part of an operation: the first counts as a call.
func (c *clock) stopPart(since time.Time, worker, node, part int) {
	if c != nil {
		s := &c.spans[worker][node]
		s.time += time.Since(since)
		if part == 0 {
			s.calls++
		}
	}
}

// stopOther is stop for what is not an operation.
func (c *clock) stopOther(since time.Time, worker, what int) {
	if c != nil {
		c.stop(since, worker, len(c.plan.program.Nodes)+what)
	}
}

func (c *clock) timing(at int, what device.NodePlan) Timing {
	t := Timing{NodePlan: what}
	for _, spans := range c.spans {
		t.Calls += spans[at].calls
		t.Seconds += spans[at].time.Seconds()
	}
	return t
}
