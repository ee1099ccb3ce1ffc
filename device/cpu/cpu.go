package cpu

import (
	"fmt"
	"runtime"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
)

// Options are the options of New.
type Options struct {
	// Threads is the number of threads that work on a program; 0 means
	// GOMAXPROCS. It changes no bit of any result.
	Threads int
	// ISA is the instruction set of the kernels: "avx512", "avx2", "neon" or
	// "portable"; empty means the fastest this machine has. AVX-512, AVX2 and NEON give the same bits, portable code
	// others.
	ISA kernel.ISA
	// Profile, if set, is told how long each operation takes.
	Profile *Profile

	// poison fills memory with NaN as soon as the plan says nobody reads it
	// any more: the tests' way to find a plan that is wrong.
	poison bool
	// forced makes every thread do a fixed share of the work, however late it
	// comes.
	forced bool
	// unfused runs every operation by itself, for comparison.
	unfused bool
}

// New makes a device that executes programs on this machine's cores.
func New(o Options) device.Device {
	if o.Threads == 0 {
		o.Threads = runtime.GOMAXPROCS(0)
	}
	if o.ISA == "" {
		o.ISA = kernel.Available()[0]
	}
	return cpuDevice{o}
}

type cpuDevice struct{ options Options }

// Compile plans the programs over one state.
func (d cpuDevice) Compile(state *device.State, programs map[string]*graph.Program) (device.Exec, error) {
	if d.options.Threads < 1 {
		return nil, fmt.Errorf("threads: expected 1 or more, got %d", d.options.Threads)
	}
	if err := d.options.ISA.Check(); err != nil {
		return nil, err
	}
	plans := map[string]*plan{}
	for name, p := range programs {
		if err := state.Ensure(p); err != nil {
			return nil, fmt.Errorf("program %s: %w", name, err)
		}
		plan, err := newPlan(p, d.options)
		if err != nil {
			return nil, fmt.Errorf("program %s: %w", name, err)
		}
		plans[name] = plan
	}
	e, err := newExec(state, plans, d.options)
	if err != nil {
		return nil, err
	}
	return e, nil
}
