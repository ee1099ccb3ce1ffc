package reference

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"gradus/device"
	"gradus/graph"
)

// Exec is a set of programs compiled for the reference device. Between Load
// and Sync its states are float64, so a run of many steps is rounded to float32
// only once, at Sync.
type Exec struct {
	state    *device.State
	states   map[string][]float64
	programs map[string]*program
}

var _ device.Exec = (*Exec)(nil)

// Steps runs a program batch by batch; see device.Exec.
func (e *Exec) Steps(name string, samples device.Samples, order []int32, settings device.Settings, report *device.Report) error {
	p, err := e.program(name)
	if err != nil {
		return err
	}
	batch, err := device.CheckSamples(p.Program, samples, order)
	if err != nil {
		return err
	}
	if err := device.CheckSettings(p.Program, settings); err != nil {
		return err
	}
	p.set(graph.Setting, func(name string) float64 { return float64(settings[name]) })
	if report.Sums == nil {
		report.Sums = map[string]float64{}
	}
	for _, o := range p.Outputs {
		if o.Sum {
			report.Sums[o.Name] += 0 // present even after no steps
		}
	}
	done := 0
	for order := range slices.Chunk(order, batch) {
		p.gather(samples, order)
		p.set(graph.Count, func(string) float64 { return float64(len(order)) })
		if err := p.run(done); err != nil {
			return err
		}
		p.addSums(report.Sums, len(order))
		p.commit()
		report.Steps++
		done++
	}
	return nil
}

// Call runs a program once; see device.Exec.
func (e *Exec) Call(name string, inputs map[string]device.Data, settings device.Settings) (map[string][]float32, error) {
	p, err := e.program(name)
	if err != nil {
		return nil, err
	}
	if err := device.CheckInputs(p.Program, inputs); err != nil {
		return nil, err
	}
	wideInputs, wideSettings := map[string][]float64{}, map[string]float64{}
	for name, d := range inputs {
		wideInputs[name] = make([]float64, d.Len())
		read(wideInputs[name], d, 0)
	}
	for name, x := range settings {
		wideSettings[name] = float64(x)
	}
	outputs, err := e.CallFloat64(name, wideInputs, wideSettings)
	if err != nil {
		return nil, err
	}
	narrow := map[string][]float32{}
	for name, out := range outputs {
		narrow[name] = round(make([]float32, len(out)), out)
	}
	return narrow, nil
}

// Sync rounds the states to float32 and writes them to the State.
func (e *Exec) Sync() error {
	for name, value := range e.states {
		round(e.state.Tensor(name).Data, value)
	}
	return nil
}

// Load reads the states from the State.
func (e *Exec) Load() error {
	for name, value := range e.states {
		widen(value, e.state.Tensor(name).Data)
	}
	return nil
}

// Describe lists the program's nodes; all run by their reference.
func (e *Exec) Describe(name string) ([]device.NodePlan, error) {
	p, err := e.program(name)
	if err != nil {
		return nil, err
	}
	var plan []device.NodePlan
	for _, n := range p.Nodes {
		plan = append(plan, device.NodePlan{Node: n, Kernel: "reference"})
	}
	return plan, nil
}

// Close lets go of the buffers; no program can be run afterwards.
func (e *Exec) Close() error {
	e.programs, e.states = nil, nil
	return nil
}

func (e *Exec) program(name string) (*program, error) {
	if p, ok := e.programs[name]; ok {
		return p, nil
	}
	known := strings.Join(slices.Sorted(maps.Keys(e.programs)), ", ")
	return nil, fmt.Errorf("program %s: expected one of those compiled (%s), got an unknown name", name, known)
}

func round(dst []float32, src []float64) []float32 {
	for i, x := range src {
		dst[i] = float32(x)
	}
	return dst
}
