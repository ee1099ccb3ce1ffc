package bench

import (
	"context"
	"fmt"

	"gradus/device/cpu"
)

// evaluation is the evaluation of a network on the test set.
type evaluation struct{ network }

func evaluationMeasurements() []measurement {
	e := evaluation{networks()[0]}
	return []measurement{{e.measurement(), e.take}}
}

func (e evaluation) measurement() string { return fmt.Sprintf("evaluation/%s-d%d", e.name, e.depth) }

// take measures what training reports as the seconds of its tests. Between them
// it trains on a single batch.
func (e evaluation) take(ctx context.Context, o Options, m *meter, r *Report) error {
	_, forward, err := e.multiplyAdds(o.Train)
	if err != nil {
		return err
	}
	one := o.Train.Slice(0, min(e.batch, o.Train.Len()))
	var jobs []job
	for _, threads := range o.threads() {
		t, err := e.trainer(one, o.Test, cpu.New(cpu.Options{Threads: threads, ISA: m.isa}))
		if err != nil {
			return err
		}
		next, stop := endless(ctx, t)
		defer stop()
		jobs = append(jobs, job{threads, forward * o.Test.Len(), func() (float64, error) {
			epoch, err := next()
			return epoch.TestSeconds, err
		}})
	}
	timings, err := m.measure(ctx, jobs)
	if err != nil {
		return err
	}
	r.Evaluations = append(r.Evaluations, Evaluation{e.title(), o.Test.Len(), forward, timings})
	return nil
}
