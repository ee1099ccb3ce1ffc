package bench

import (
	"maps"

	"gradus/data"
	"gradus/device"
	"gradus/graph"
	"gradus/nn"
	"gradus/optim"
)

// walk is a program of a network that runs over batches of a set.
type walk struct {
	exec     device.Exec
	program  *graph.Program
	samples  device.Samples
	order    []int32
	settings device.Settings
}

// together is how many batches a call is given: enough for its own cost to
// disappear.
const together = 64

// walked is the program's name.
const walked = "walk"

// tracer makes a program for batches of a set.
type tracer func(set *data.Set, batch int) (*graph.Program, error)

// walk compiles a program over fresh parameters. Whoever asks for it closes it.
func (n network) walk(set *data.Set, batch int, trace tracer, d device.Device) (*walk, error) {
	model, err := n.model(set)
	if err != nil {
		return nil, err
	}
	parameters, err := nn.Parameters(model)
	if err != nil {
		return nil, err
	}
	p, err := trace(set, batch)
	if err != nil {
		return nil, err
	}
	exec, err := d.Compile(device.NewState(parameters), map[string]*graph.Program{walked: p})
	if err != nil {
		return nil, err
	}
	w := &walk{
		exec: exec, program: p, samples: device.Samples{}, order: make([]int32, together*batch),
		settings: device.Settings{optim.LearningRate: rate},
	}
	maps.Copy(w.settings, optim.SGD{}.Settings())
	for _, in := range p.Inputs {
		switch p.Values[in.Value].DType {
		case graph.Uint8:
			w.samples[in.Name] = device.Data{Uint8: set.Images}
		case graph.Int32:
			w.samples[in.Name] = device.Data{Int32: set.Labels}
		}
	}
	for i := range w.order {
		w.order[i] = int32(i % set.Len())
	}
	return w, nil
}

// run works through all its batches.
func (w *walk) run() error {
	var report device.Report
	return w.exec.Steps(walked, w.samples, w.order, w.settings, &report)
}

// perBatch makes a job's run of it, the seconds being those of a batch.
func (w *walk) perBatch(m *meter) func() (float64, error) {
	run := m.repeated(w.run)
	return func() (float64, error) {
		s, err := run()
		return s / together, err
	}
}

func (w *walk) close() { w.exec.Close() }
