package bench

import (
	"context"
	"fmt"
	"iter"
	"math"
	"time"

	"gradus/data"
	"gradus/device"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
	"gradus/summary"
	"gradus/train"
	"gradus/zoo"
)

// network is one whose training is measured.
type network struct {
	name  string
	depth int
	batch int
}

func networks() []network {
	return []network{
		{zoo.PlainNet, 1, 16},
		{zoo.PlainNet, 1, 64},
		{zoo.PlainNet, 3, 64},
		{zoo.ResidualNet, 3, 64},
		{zoo.GatedNet, 3, 64},
		{zoo.ConvexNet, 3, 64},
	}
}

// measurement is the name to select the network by.
func (n network) measurement() string {
	return fmt.Sprintf("networks/%s-d%d-b%d", n.name, n.depth, n.batch)
}

// title is the name for people.
func (n network) title() string { return fmt.Sprintf("%s depth %d", n.name, n.depth) }

// model makes the network for a set's images.
func (n network) model(set *data.Set) (nn.Module, error) {
	o := zoo.DefaultOptions()
	o.Net, o.Depth, o.Image, o.Classes = n.name, n.depth, set.Shape, set.Classes
	return zoo.New(random.New(1, "init"), o)
}

// program is a training step.
func (n network) program(set *data.Set, batch int) (*graph.Program, error) {
	model, err := n.model(set)
	if err != nil {
		return nil, err
	}
	return train.TrainingProgram(model, train.InputOf(set), batch, op.CrossEntropyLosses, optim.SGD{})
}

// multiplyAdds counts those of training and of the forward pass, per sample.
func (n network) multiplyAdds(set *data.Set) (training, forward int, err error) {
	p, err := n.program(set, n.batch)
	if err != nil {
		return 0, 0, err
	}
	s := summary.Of(p)
	return s.Forward.Effective + s.Backward.Effective, s.Forward.Effective, nil
}

// rate is a learning rate at which all networks train, so that the numbers they
// compute with are those of training.
const rate = 0.01

// trainer trains the network; evaluated may be nil.
func (n network) trainer(set, evaluated *data.Set, d device.Device) (*train.Trainer, error) {
	model, err := n.model(set)
	if err != nil {
		return nil, err
	}
	return train.New(model, set, train.Options{Batch: n.batch, Seed: 1, Test: evaluated, Device: d})
}

// endless trains for as long as somebody asks for the next epoch.
func endless(ctx context.Context, t *train.Trainer) (next func() (train.Epoch, error), stop func()) {
	pull, stop := iter.Pull2(t.Epochs(ctx, optim.Stage{LearningRate: rate, Epochs: math.MaxInt32}))
	return func() (train.Epoch, error) {
		e, err, _ := pull()
		return e, err
	}, stop
}

func networkMeasurements() []measurement {
	var list []measurement
	for _, n := range networks() {
		list = append(list, measurement{n.measurement(), n.take})
	}
	return list
}

// take measures epochs by the clock on the wall around them.
func (n network) take(ctx context.Context, o Options, m *meter, r *Report) error {
	training, _, err := n.multiplyAdds(o.Train)
	if err != nil {
		return err
	}
	var jobs []job
	for _, threads := range o.threads() {
		t, err := n.trainer(o.Train, nil, cpu.New(cpu.Options{Threads: threads, ISA: m.isa}))
		if err != nil {
			return err
		}
		next, stop := endless(ctx, t)
		defer stop()
		jobs = append(jobs, job{threads, training * o.Train.Len(), func() (float64, error) {
			begin := time.Now()
			_, err := next()
			return time.Since(begin).Seconds(), err
		}})
	}
	timings, err := m.measure(ctx, jobs)
	if err != nil {
		return err
	}
	r.Networks = append(r.Networks, Network{n.title(), n.batch, o.Train.Len(), training, timings})
	return nil
}
