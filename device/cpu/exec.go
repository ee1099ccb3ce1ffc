package cpu

import (
	"errors"
	"fmt"
	"slices"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/memory"
)

// exec is the compiled programs of one State.
type exec struct {
	state   *device.State
	states  map[string][]float32 // the device's values
	runners map[string]*runner
	pool    *pool
	closed  bool
}

var errClosed = errors.New("device: expected an open Exec, got one that was closed")

func newExec(s *device.State, plans map[string]*plan, o Options) (*exec, error) {
	e := &exec{state: s, states: map[string][]float32{}, runners: map[string]*runner{}}
	floats, threads, numbers := 0, 1, 0
	for _, pl := range plans {
		floats = max(floats, pl.shared+pl.scratch*min(o.Threads, pl.chunks))
		threads = max(threads, min(o.Threads, max(pl.chunks, pl.parts())))
	}
	for _, t := range s.Tensors() {
		numbers += roundUp(len(t.Tensor.Data))
	}
	if err := memory.Check("the values of a step", 4*(floats+numbers)); err != nil {
		return nil, err
	}
	states := alignedFloats(numbers) // one behind the other, as stretches are
	for _, t := range s.Tensors() {
		n := len(t.Tensor.Data)
		e.states[t.Name], states = states[:n], states[roundUp(n):]
	}
	arena := alignedFloats(floats) // programs never run at the same time
	e.pool = newPool(threads, o.forced)
	for name, pl := range plans {
		r := newRunner(pl, e, arena, o)
		r.clock = o.Profile.clock(name, pl, len(r.workers))
		e.runners[name] = r
	}
	return e, e.Load()
}

// Load reads the device's values of the states from the State.
func (e *exec) Load() error {
	if e.closed {
		return errClosed
	}
	for _, t := range e.state.Tensors() {
		copy(e.states[t.Name], t.Tensor.Data)
	}
	return nil
}

// Sync writes the device's values of the states to the State.
func (e *exec) Sync() error {
	if e.closed {
		return errClosed
	}
	for _, t := range e.state.Tensors() {
		copy(t.Tensor.Data, e.states[t.Name])
	}
	return nil
}

// Close ends the threads. The State stays as the last Sync left it.
func (e *exec) Close() error {
	if !e.closed {
		e.closed = true
		e.pool.close()
	}
	return nil
}

func (e *exec) runner(program string) (*runner, error) {
	if e.closed {
		return nil, errClosed
	}
	r, ok := e.runners[program]
	if !ok {
		return nil, fmt.Errorf("program %s: expected a compiled program, got an unknown name", program)
	}
	return r, nil
}

// Steps runs a program over the samples of an order, a batch at a time.
func (e *exec) Steps(program string, samples device.Samples, order []int32, settings device.Settings, report *device.Report) error {
	r, err := e.runner(program)
	if err != nil {
		return err
	}
	p := r.plan.source
	batch, err := device.CheckSamples(p, samples, order)
	if err != nil {
		return err
	}
	if err := device.CheckSettings(p, settings); err != nil {
		return err
	}
	r.set(settings)
	r.columns(samples)
	for i, o := range r.plan.sums {
		r.totals[i] = report.Sums[o.Name]
	}
	done := 0
	for lo := 0; lo < len(order) && err == nil; lo += batch {
		samples := order[lo:min(lo+batch, len(order))]
		if err = r.step(samples, len(samples)); err == nil {
			r.addTotals()
			r.commit()
			done++
		}
	}
	if e, ok := errors.AsType[*device.NonFiniteError](err); ok {
		e.Step = done
	}
	report.Steps += done
	if report.Sums == nil {
		report.Sums = map[string]float64{}
	}
	for i, o := range r.plan.sums {
		report.Sums[o.Name] = r.totals[i]
	}
	return err
}

// Call runs a program once.
func (e *exec) Call(program string, inputs map[string]device.Data, settings device.Settings) (map[string][]float32, error) {
	r, err := e.runner(program)
	if err != nil {
		return nil, err
	}
	p := r.plan.source
	if err := device.CheckInputs(p, inputs); err != nil {
		return nil, err
	}
	if err := device.CheckSettings(p, settings); err != nil {
		return nil, err
	}
	r.set(settings)
	r.columns(inputs)
	order := make([]int32, r.plan.batch)
	for i := range order {
		order[i] = int32(i)
	}
	valid := len(order)
	for _, in := range p.Inputs {
		if in.Feed == graph.Count {
			if n, ok := settings[in.Name]; ok {
				valid = max(0, min(int(n), valid))
			}
		}
		if d, ok := inputs[in.Name]; ok && !p.Values[in.Value].Batched {
			widen(r.complete(in.Value), d)
		}
	}
	if err := r.step(order, valid); err != nil {
		return nil, err
	}
	outputs := map[string][]float32{}
	for _, o := range p.Outputs {
		outputs[o.Name] = r.output(o.Value)
	}
	r.commit()
	return outputs, nil
}

func widen(to []float32, from device.Data) {
	copy(to, from.Float32)
	for i, v := range from.Uint8 {
		to[i] = float32(v)
	}
	for i, v := range from.Int32 {
		to[i] = float32(v)
	}
}

// Describe lists the program's operations with their kernels, in the order in
// which a step runs them.
func (e *exec) Describe(program string) ([]device.NodePlan, error) {
	r, err := e.runner(program)
	if err != nil {
		return nil, err
	}
	var list []device.NodePlan
	for _, ph := range r.plan.phases {
		for _, st := range slices.Concat(ph.chunked, ph.serial) {
			list = append(list, device.NodePlan{Node: r.plan.source.Nodes[r.plan.sourceNode(st)], Kernel: st.kernel})
		}
	}
	return list, nil
}

// rowMajor brings a batched value back to the layout of the outside.
func rowMajor(blocks []float32, samples, features int) []float32 {
	rows := make([]float32, samples*features)
	for first := 0; first < samples; first += kernel.Lanes {
		n := min(kernel.Lanes, samples-first)
		kernel.Scatter(rows[first*features:], blocks[first*features:], n, features)
	}
	return rows
}
