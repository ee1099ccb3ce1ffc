package cpu

import (
	"testing"
)

// Every operation of every chunk of every step is timed, and nothing else is
// different.
func TestProfileCountsEveryOperation(t *testing.T) {
	const seed, threads = 3, 2
	n, p, samples, order := draw(t, seed)
	_, want := run(t, New(Options{Threads: threads}), n, p, samples, order)

	n, p, samples, order = draw(t, seed)
	profile := &Profile{}
	_, got := run(t, New(Options{Threads: threads, Profile: profile}), n, p, samples, order)
	equal(t, "a profiled run", got, want)

	const program = "train"
	c := profile.clocks[program]
	steps := (len(order) + p.Batch() - 1) / p.Batch()
	operations := 0
	for _, timing := range profile.Timings(program) {
		wants := steps
		switch {
		case timing.Kernel == "gather":
			wants = 0
			for _, ph := range c.plan.phases {
				wants += steps * c.plan.chunks * len(ph.gathers)
			}
		case timing.Kernel == "add_chunks":
			wants = steps * len(c.plan.phases)
		case timing.Node.Op != nil:
			operations++
			for _, ph := range c.plan.phases {
				for _, st := range ph.chunked {
					if st.out == timing.Node.Out {
						wants = steps * c.plan.chunks
					}
				}
			}
		}
		if timing.Calls != wants || timing.Seconds < 0 {
			t.Errorf("%s: expected %d calls, got %d in %v s", timing.Kernel, wants, timing.Calls, timing.Seconds)
		}
	}
	if want := len(c.plan.program.Nodes); operations != want {
		t.Errorf("expected timings of %d operations, got %d", want, operations)
	}
	if list := profile.Timings("none"); list != nil {
		t.Errorf("expected nothing of a program that does not exist, got %v", list)
	}

	profile.Reset()
	for _, timing := range profile.Timings(program) {
		if timing.Calls != 0 || timing.Seconds != 0 {
			t.Errorf("%s: expected nothing after Reset, got %d calls", timing.Kernel, timing.Calls)
		}
	}
}
