//go:build slow

package reproduce

import (
	"testing"

	"gradus/optim"
	"gradus/run"
)

// all is MNIST, whole.
func all(t *testing.T) *run.Sets {
	t.Helper()
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// done does experiments with the seeds from 1 on, on two workers, all of their
// epochs for 0 or only the first.
func done(t *testing.T, seeds, epochs int, only ...string) *Results {
	t.Helper()
	p, err := NewPlan(only, seeds)
	if err != nil {
		t.Fatal(err)
	}
	for i := range p.Experiments {
		for j := range p.Experiments[i].Cases {
			c := &p.Experiments[i].Cases[j].Config
			stages, err := c.Stages()
			if err != nil {
				t.Fatal(err)
			}
			if epochs > 0 {
				c.Schedule = new(optim.FormatSchedule(first(stages, epochs)))
			}
		}
	}
	r, err := p.Run(t.Context(), all(t), Options{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range r.Experiments {
		for _, c := range e.Cases {
			training, test := c.finals()
			t.Logf("%s, %s: %s; training %s, test %s", e.ID, c.Name(e), c.RunText(), training, test)
		}
	}
	return r
}

// first are the stages of the first epochs.
func first(stages []optim.Stage, epochs int) []optim.Stage {
	var list []optim.Stage
	for _, s := range stages {
		if s.Epochs = min(s.Epochs, epochs); s.Epochs > 0 {
			list = append(list, s)
		}
		epochs -= s.Epochs
	}
	return list
}

// Five seeds of the experiments that always train in PyTorch agree with it, and
// the best learning rates are the notebook's.
func TestFiguresOfFive(t *testing.T) {
	r := done(t, 5, 0, "a", "b", "c", "h")
	for _, e := range r.Experiments {
		c := e.Cases[0]
		// The gated network of seed 5 grows without bounds, as it does in float64.
		if c.Trained < 4 || c.Trained < 5 && e.ID != "h" {
			t.Errorf("%s: expected all runs to train, got %s", e.ID, c.RunText())
		}
		for _, one := range c.Comparisons {
			if one.Verdict.Word == Differs {
				t.Errorf("%s, %s: expected %s, got %s", e.ID, one.Measure, one.Verdict.Accepted(), one.HereText())
			}
		}
		for _, row := range []string{"training, " + lastRow, testRow} {
			if one := c.Of(row); one.Verdict.Word != Agrees {
				t.Errorf("%s, %s: expected a figure that agrees, got %s, %s", e.ID, row, one.HereText(), one.Verdict.Word)
			}
		}
	}
}

func TestBestRates(t *testing.T) {
	r := done(t, 3, 0, "d", "e")
	for _, e := range r.Experiments {
		lowest := e.Cases[0]
		for _, c := range e.Cases {
			training, _ := c.finals()
			if best, _ := lowest.finals(); training != nil && (best == nil || training.Mean < best.Mean) {
				lowest = c
			}
		}
		if lowest.rate() != e.NotebookBest {
			t.Errorf("%s: expected the lowest training error with %g, got it with %g", e.ID, e.NotebookBest, lowest.rate())
		}
	}
}

// Of twenty seeds the plain network of depth 3 gets stuck with half at least, and
// residual connections train with eight at least. The first
// three epochs decide: they try both large learning rates.
func TestDepth(t *testing.T) {
	if c := done(t, 20, 3, "f").Experiments[0].Cases[0]; c.Stuck < 10 {
		t.Errorf("f: expected at least 10 of 20 runs to be stuck, got %s", c.RunText())
	}
	if c := done(t, 20, 3, "g").Experiments[0].Cases[0]; c.Trained < 8 {
		t.Errorf("g: expected at least 8 of 20 runs to train, got %s", c.RunText())
	}
}
