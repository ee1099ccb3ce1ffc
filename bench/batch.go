package bench

import (
	"context"
	"fmt"

	"gradus/data"
	"gradus/device/cpu"
	"gradus/graph"
	"gradus/train"
)

// pair is two batch sizes that fill as many groups of lanes.
type pair struct{ batch, over int }

func batchMeasurements() []measurement {
	var list []measurement
	for _, p := range []pair{{1, 16}, {17, 32}, {63, 64}} {
		list = append(list, measurement{p.measurement(), p.take})
	}
	return list
}

func (p pair) measurement() string { return fmt.Sprintf("batches/%d-over-%d", p.batch, p.over) }

// take measures the forward pass and the training step with both sizes.
func (p pair) take(ctx context.Context, o Options, m *meter, r *Report) error {
	n := networks()[0]
	training, forward, err := n.multiplyAdds(o.Train)
	if err != nil {
		return err
	}
	var jobs []job
	for _, part := range []struct {
		trace        tracer
		multiplyAdds int
	}{{n.applied, forward}, {n.program, training}} {
		for _, batch := range []int{p.batch, p.over} {
			w, err := n.walk(o.Train, batch, part.trace, cpu.New(cpu.Options{Threads: 1, ISA: m.isa}))
			if err != nil {
				return err
			}
			defer w.close()
			jobs = append(jobs, job{1, batch * part.multiplyAdds, w.perBatch(m)})
		}
	}
	t, err := m.measure(ctx, jobs)
	if err != nil {
		return err
	}
	r.Batches = append(r.Batches, Batches{n.title(), p.batch, p.over, t[0], t[1], t[2], t[3]})
	return nil
}

// applied is the forward pass alone, without losses or errors.
func (n network) applied(set *data.Set, batch int) (*graph.Program, error) {
	model, err := n.model(set)
	if err != nil {
		return nil, err
	}
	return train.ApplyProgram(model, train.InputOf(set), batch)
}
