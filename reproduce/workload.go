package reproduce

import (
	"cmp"
	"encoding/json"
	"slices"

	"gradus/run"
	"gradus/sweep"
)

// workload knows how much of the work each training is, so that the time left
// can be told from what is done: epochs, weighted by what an epoch of the
// network costs.
type workload struct {
	weights []float64 // add up to 1
	shares  []float64
}

func newWorkload(g *sweep.Grid, sets *run.Sets) (*workload, error) {
	w := &workload{shares: make([]float64, len(g.Points))}
	costs := map[string]float64{} // by settings, traced once
	total := 0.0
	for _, p := range g.Points {
		c := p.Config
		c.Seed = 0
		key, err := json.Marshal(c)
		if err != nil {
			return nil, err
		}
		cost, ok := costs[string(key)]
		if !ok {
			if cost, err = costOf(c, sets); err != nil {
				return nil, err
			}
			costs[string(key)] = cost
		}
		total += cost
		w.weights = append(w.weights, cost)
	}
	for i := range w.weights {
		w.weights[i] /= total
	}
	return w, nil
}

// perOperation is what an operation costs an epoch beside its multiply-adds, in
// multiply-adds per sample. It need not be exact.
const perOperation = 2000

func costOf(c run.Config, sets *run.Sets) (float64, error) {
	s, err := summaryOf(c, sets)
	if err != nil {
		return 0, err
	}
	stages, err := c.Stages()
	if err != nil {
		return 0, err
	}
	epochs, operations := 0, 0
	for _, stage := range stages {
		epochs += stage.Epochs
	}
	for _, l := range s.Layers {
		operations += len(l.Operations)
	}
	return float64(epochs) * float64(s.Forward.Effective+perOperation*operations), nil
}

// longestFirst is an order in which several workers end at about the same time;
// equal ones keep theirs.
func (w *workload) longestFirst() []int {
	order := make([]int, len(w.weights))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(w.weights[b], w.weights[a]) })
	return order
}

// done takes note of a training's share and returns that of all work.
func (w *workload) done(i int, share float64) float64 {
	w.shares[i] = share
	sum := 0.0
	for j, s := range w.shares {
		sum += s * w.weights[j]
	}
	return sum
}
