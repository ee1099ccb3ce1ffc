package bench

import (
	"context"
	"time"

	"gradus/device/cpu"
	"gradus/graph"
	"gradus/summary"
)

// Profile is where the time of a network's training step goes, on one thread.
type Profile struct {
	Name    string  `json:"name"`
	Batch   int     `json:"batch"`
	Steps   int     `json:"steps"`
	Seconds float64 `json:"seconds"` // of one step
	Parts   []Part  `json:"parts"`   // in the order in which a step runs them
	// Rest is what a step takes besides, looking at the clock included.
	Rest float64 `json:"rest"`
}

// Part is what one kernel does in a step.
type Part struct {
	Path    string  `json:"path"`   // of the layer; "" outside of all submodules
	Pass    string  `json:"pass"`   // forward, backward or update; "" for what no operation asks for
	Kernel  string  `json:"kernel"` // "reference" for operations without a kernel of their own
	Calls   float64 `json:"calls"`  // per step
	Seconds float64 `json:"seconds"`
	// MultiplyAdds is per step, of the samples that a batch has.
	MultiplyAdds int `json:"multiply_adds"`
	// Percent is the share of one core's peak.
	Percent float64 `json:"percent_of_peak"`
}

func profileMeasurements() []measurement {
	var list []measurement
	for _, n := range networks() {
		list = append(list, measurement{n.measurement(), n.profile})
	}
	return list
}

// profile measures the parts of a step.
func (n network) profile(ctx context.Context, o Options, m *meter, r *Report) error {
	watch := &cpu.Profile{}
	w, err := n.walk(o.Train, n.batch, n.program, cpu.New(cpu.Options{Threads: 1, ISA: m.isa, Profile: watch}))
	if err != nil {
		return err
	}
	defer w.close()
	if err := w.run(); err != nil { // finds nothing in the caches
		return err
	}
	watch.Reset()
	var seconds, peaks []float64
	for begin := time.Now(); len(peaks) < fewest || time.Since(begin) < m.profiled; {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		peaks = append(peaks, m.peak(1))
		took, err := timed(1, w.run)
		if err != nil {
			return err
		}
		seconds = append(seconds, took.Seconds()/together)
	}
	p := Profile{Name: n.title(), Batch: n.batch, Steps: together * len(seconds)}
	for _, s := range seconds {
		p.Seconds += s / float64(len(seconds))
	}
	p.Rest = p.Seconds
	pass := "forward"
	for _, t := range watch.Timings(walked) {
		if t.Calls == 0 {
			continue
		}
		part := partOf(t, w.program, p.Steps)
		if t.Node.Op != nil {
			pass = passAfter(pass, t.Node)
			part.Pass = pass
		}
		part.Percent = 100 * 2 * float64(part.MultiplyAdds) / part.Seconds / spreadOf(peaks).Median
		p.Rest -= part.Seconds
		p.Parts = append(p.Parts, part)
	}
	r.Profiles = append(r.Profiles, p)
	return nil
}

// partOf is what the timing of so many steps says of one.
func partOf(t cpu.Timing, program *graph.Program, steps int) Part {
	part := Part{Kernel: t.Kernel, Calls: float64(t.Calls) / float64(steps), Seconds: t.Seconds / float64(steps)}
	n := t.Node
	if n.Op == nil {
		return part
	}
	part.Path = n.Path
	if c, ok := n.Op.(summary.Counter); ok {
		in := make([]graph.Type, len(n.In))
		for i, id := range n.In {
			in[i] = program.Values[id]
		}
		_, part.MultiplyAdds = c.MultiplyAdds(in, program.Values[n.Out])
	}
	return part
}

// passAfter is the pass of an operation that runs after one of the given pass:
// what is neither recorded by differentiation nor before it updates weights.
func passAfter(before string, n graph.Node) string {
	switch {
	case n.Backward:
		return "backward"
	case before == "backward":
		return "update"
	}
	return before
}
