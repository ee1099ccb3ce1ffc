package bench

import (
	"context"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"time"

	"gradus/data"
	"gradus/internal/kernel"
)

// Options are what is measured and how.
type Options struct {
	ISA     string         // instruction set of the kernels; "" means the fastest
	Threads int            // beside one; 0 means all cores
	Run     *regexp.Regexp // measures what has a matching name; nil means everything
	Quick   bool           // fewer and shorter samples
	Profile bool           // profile the steps of networks, in place of everything else
	// Train is what networks are trained on, Test what they are evaluated on.
	Train, Test *data.Set
	// Progress, if set, is called before each measurement.
	Progress func(name string, done, of int)
}

// mostThreads is more than any machine has cores for.
const mostThreads = 256

// InstructionSets are what Options.ISA may be on this machine, the fastest
// first.
func InstructionSets() []string {
	var names []string
	for _, isa := range kernel.Available() {
		names = append(names, string(isa))
	}
	return names
}

// Selected lists the names of what is measured.
func (o Options) Selected() []string {
	var names []string
	for _, m := range o.measurements() {
		if o.Run == nil || o.Run.MatchString(m.name) {
			names = append(names, m.name)
		}
	}
	return names
}

// Check finds the first option that cannot work.
func (o Options) Check() error {
	if o.ISA != "" {
		if err := kernel.ISA(o.ISA).Check(); err != nil {
			return err
		}
	}
	if o.Threads < 0 || o.Threads > mostThreads {
		return fmt.Errorf("threads: expected 0 to %d, got %d; 0 means all cores", mostThreads, o.Threads)
	}
	if len(o.Selected()) == 0 {
		return fmt.Errorf("run: expected a pattern that matches a name, got %.40q; the first name is %s", o.Run, o.measurements()[0].name)
	}
	return nil
}

func (o Options) isa() kernel.ISA {
	if o.ISA == "" {
		return kernel.Available()[0]
	}
	return kernel.ISA(o.ISA)
}

// threads are the numbers of threads to measure with.
func (o Options) threads() []int {
	most := o.Threads
	if most == 0 {
		most = runtime.GOMAXPROCS(0)
	}
	return slices.Compact([]int{1, most})
}

// measurement is a part of a report.
type measurement struct {
	name string
	take func(ctx context.Context, o Options, m *meter, r *Report) error
}

func (o Options) measurements() []measurement {
	if o.Profile {
		return profileMeasurements()
	}
	return slices.Concat(networkMeasurements(), evaluationMeasurements(), batchMeasurements(), layerMeasurements())
}

// Run measures. The error is Check's, the context's cause, or that of training.
func Run(ctx context.Context, o Options) (*Report, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	m := newMeter(o.isa(), o.Quick)
	r := &Report{Date: time.Now().Round(time.Second), Machine: ThisMachine(), ISA: string(m.isa)}
	before := readLoad()
	r.Peaks = m.peaks(o.threads())
	names := o.Selected()
	for _, part := range o.measurements() {
		i := slices.Index(names, part.name)
		if i < 0 {
			continue
		}
		if o.Progress != nil {
			o.Progress(part.name, i, len(names))
		}
		if err := part.take(ctx, o, m, r); err != nil {
			return nil, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	r.Noise = noise(before, readLoad(), m.looks)
	return r, nil
}
