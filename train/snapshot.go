package train

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"gradus/device"
	"gradus/graph"
	"gradus/optim"
)

// Snapshot is a training between two steps: all that a training of the same
// model, data and options needs to go on to the same last bit. The order of the
// samples is not in it, for it follows from the seed and Epochs.
type Snapshot struct {
	Steps   int // done in all
	Epochs  int // finished, over all stages, evaluation included
	Samples int // trained of the epoch after those; all of them where only its evaluation is missing
	// Losses and Errors are summed over these samples, each before its update.
	Losses, Errors float64
	// Weights are the model's parameters in PyTorch's order, Memory is what the
	// update rule remembers, under the names of its states: copies.
	Weights, Memory []graph.Parameter
}

// Checkpoints has keep called after every so many steps, counted from the first
// of the training, with a snapshot that is its own. Behind the last step of an epoch
// it is not: the epoch is yielded then. An error of keep ends the training. No steps
// end this.
func (t *Trainer) Checkpoints(steps int, keep func(*Snapshot) error) {
	t.every, t.keep = max(0, steps), keep
}

// Snapshot copies where the training is. It can be called while an epoch is
// yielded, and before and after Epochs.
func (t *Trainer) Snapshot() *Snapshot {
	s := t.place
	for _, p := range t.state.Tensors() {
		list := &s.Weights
		if !t.isWeight(p.Name) {
			list = &s.Memory
		}
		*list = append(*list, graph.Parameter{Name: p.Name, Tensor: &graph.Tensor{
			Shape: p.Tensor.Shape, Data: slices.Clone(p.Tensor.Data),
		}})
	}
	return &s
}

// Resume goes on from a snapshot: it is Epochs for the rest of the stages, which
// are those of the whole training. Where the rest begins with a stage, that stage
// begins with fresh optimizer memory, as it would have. A snapshot of another
// model or update rule is refused, and then nothing has changed. Rules without memory,
// as SGD without momentum, are no others: what a snapshot remembers for one is left
// out, and after one memory begins afresh.
//
// The epochs that are yielded are those not yet finished. The first one's Train
// score counts its samples before the snapshot too; its Seconds do not.
func (t *Trainer) Resume(ctx context.Context, s *Snapshot, stages ...optim.Stage) iter.Seq2[Epoch, error] {
	return func(yield func(Epoch, error) bool) {
		epochs := 0
		for _, s := range stages {
			epochs += s.Epochs
		}
		if s.Epochs > epochs || s.Epochs == epochs && s.Samples > 0 {
			yield(Epoch{}, fmt.Errorf("snapshot: expected a place within %d epochs, got epoch %d, sample %d", epochs, s.Epochs, s.Samples))
			return
		}
		if err := t.restore(s); err != nil {
			yield(Epoch{}, err)
			return
		}
		t.run(ctx, stages, s.Epochs, yield)
	}
}

// restore makes the trainer what the snapshot says.
func (t *Trainer) restore(s *Snapshot) error {
	if s.Steps < 0 || s.Epochs < 0 || s.Samples < 0 || s.Samples > t.set.Len() {
		return fmt.Errorf("snapshot: expected a place within %d samples, got step %d, epoch %d, sample %d", t.set.Len(), s.Steps, s.Epochs, s.Samples)
	}
	tensors, memory := t.state.Tensors(), s.Memory
	afresh := len(memory) == 0
	switch {
	case len(tensors) == len(t.weights):
		memory = nil
	case afresh:
		tensors = slices.DeleteFunc(slices.Clone(tensors), func(p graph.Parameter) bool { return !t.isWeight(p.Name) })
	}
	given := map[string]*graph.Tensor{}
	for _, p := range slices.Concat(s.Weights, memory) {
		given[p.Name] = p.Tensor
	}
	for _, p := range tensors {
		from, ok := given[p.Name]
		if !ok {
			return fmt.Errorf("snapshot: expected a tensor %s, got none", p.Name)
		}
		if !from.Shape.Equal(p.Tensor.Shape) || len(from.Data) != len(p.Tensor.Data) {
			return fmt.Errorf("snapshot: %s: expected shape %v, got %v", p.Name, p.Tensor.Shape, from.Shape)
		}
	}
	for _, p := range slices.Concat(s.Weights, memory) {
		if !slices.ContainsFunc(tensors, func(q graph.Parameter) bool { return q.Name == p.Name }) {
			return fmt.Errorf("snapshot: expected no tensor %s, got one; go on with the network and the rule that made it", p.Name)
		}
	}
	for _, p := range tensors {
		copy(p.Tensor.Data, given[p.Name].Data)
	}
	if afresh {
		t.forget()
	}
	t.place = *s
	t.place.Weights, t.place.Memory = nil, nil
	return nil
}

// isWeight tells parameters from optimizer memory.
func (t *Trainer) isWeight(name string) bool {
	return slices.ContainsFunc(t.weights, func(p graph.Parameter) bool { return p.Name == name })
}

// report is the sums of the samples so far, for the device to go on adding.
func (s *Snapshot) report() device.Report {
	return device.Report{Sums: map[string]float64{lossesOutput: s.Losses, errorsOutput: s.Errors}}
}

// add moves the place behind steps that were done; all is the samples of an epoch.
func (s *Snapshot) add(r device.Report, batch, all int) {
	s.Samples = min(s.Samples+r.Steps*batch, all)
	s.Steps += r.Steps
	s.Losses, s.Errors = r.Sums[lossesOutput], r.Sums[errorsOutput]
}
