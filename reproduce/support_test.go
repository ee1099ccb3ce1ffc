package reproduce

import (
	"testing"

	"gradus/run"
)

// few are sets small enough to be trained on in no time.
func few(t testing.TB) *run.Sets {
	t.Helper()
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		t.Fatal(err)
	}
	return &run.Sets{Train: sets.Train.Slice(0, 1280), Test: sets.Test.Slice(0, 200)}
}

// quick is a reproduction on few samples, an epoch for each stage.
func quick(t testing.TB, sets *run.Sets, seeds, workers int, only ...string) *Results {
	t.Helper()
	p, err := NewPlan(only, seeds)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.shorten(1); err != nil {
		t.Fatal(err)
	}
	r, err := p.Run(t.Context(), sets, Options{Version: "gradus test", Machine: Machine{"a processor", 2, "a system"}, Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// quickStudy is a small study on few samples.
func quickStudy(t testing.TB, sets *run.Sets, workers int) *StudyResults {
	t.Helper()
	s := &Study{Alphas: []float64{-2, 0}, Rates: []float64{0.03, 0.1}, Momenta: []float64{0, 0.9}, Batch: 16, Epochs: 2, Seeds: []uint64{1, 2}}
	r, err := s.Run(t.Context(), sets, Options{Version: "gradus test", Workers: workers})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// made is a case with runs that ended with these errors in percent; those of
// 88 and more are stuck.
func made(c run.Config, test ...float64) CaseResult {
	result := CaseResult{Config: c.Effective()}
	for i, v := range test {
		one := Run{Seed: uint64(i + 1), Outcome: Trained}
		if v >= 88 {
			one.Outcome = Stuck
		}
		share := v / 100
		one.Epochs = []run.Record{{TrainError: share / 2, TestError: &share}}
		if v >= 88 {
			one.Epochs[0].TrainError = share
		}
		result.add(one)
	}
	return result
}
