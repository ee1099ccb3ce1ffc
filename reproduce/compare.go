package reproduce

import (
	"fmt"
	"math"
	"slices"

	"gradus/run"
	"gradus/sweep"
)

// Comparison is a row of an experiment's table, in percent.
type Comparison struct {
	Measure  string  `json:"measure"`
	Notebook string  `json:"notebook"`
	PyTorch  string  `json:"pytorch"`
	Here     string  `json:"here"`
	Values   *Values `json:"values,omitempty"` // of this run's seeds
	Verdict  Verdict `json:"verdict"`
}

// Values are a mean over seeds and how far they lie apart.
type Values struct {
	N         int     `json:"n"`
	Mean      float64 `json:"mean"`
	Deviation float64 `json:"deviation"` // sample standard deviation, 0 for one
	Min       float64 `json:"min"`
	Max       float64 `json:"max"`
}

func valuesOf(list []float64) *Values {
	if len(list) == 0 {
		return nil
	}
	s := sweep.SpreadOf(list)
	v := &Values{N: s.N, Mean: s.Mean, Min: slices.Min(list), Max: slices.Max(list)}
	if !math.IsNaN(s.Deviation) {
		v.Deviation = s.Deviation
	}
	return v
}

// String is 1.30 ± 0.08, or 1.30 for one seed.
func (v *Values) String() string {
	switch {
	case v == nil:
		return "–"
	case v.N == 1:
		return fmt.Sprintf("%.2f", v.Mean)
	}
	return fmt.Sprintf("%.2f ± %.2f", v.Mean, v.Deviation)
}

// What rows are about.
const (
	stuckRow = "runs stuck at chance"
	lastRow  = "last epoch"
	testRow  = "test, " + lastRow
)

// Errors of an epoch, in percent.
func trainError(r run.Record) float64 { return 100 * r.TrainError }
func testError(r run.Record) float64  { return 100 * *r.TestError }

func firstEpoch(r Run) run.Record { return r.Epochs[0] }
func lastEpoch(r Run) run.Record  { return r.last() }

// compare makes the table of a case. Errors are those of the runs that train;
// where none does they are those of the others.
func (c CaseResult) compare(ref Reference) []Comparison {
	group := c.runs(Trained)
	stuck := len(group) == 0
	if stuck || ref.Always {
		group = append(group, c.runs(Stuck)...)
	}
	var list []Comparison
	for _, row := range []struct {
		name    string
		figures Figures
		epoch   func(Run) run.Record
		error   func(run.Record) float64
	}{
		{"training, first epoch", ref.FirstTrain, firstEpoch, trainError},
		{"test, first epoch", ref.FirstTest, firstEpoch, testError},
		{"training, " + lastRow, ref.LastTrain, lastEpoch, trainError},
		{testRow, ref.LastTest, lastEpoch, testError},
	} {
		var errors []float64
		for _, r := range group {
			errors = append(errors, row.error(row.epoch(r)))
		}
		v := valuesOf(errors)
		one := Comparison{
			Measure: row.name, Notebook: row.figures.notebookText(), PyTorch: row.figures.PyTorch.String(),
			Here: v.String(), Values: v, Verdict: judge(row.figures.PyTorch, v),
		}
		if stuck && v != nil && !ref.Always {
			one.Here += ", stuck"
			one.Verdict = Verdict{Open, "–"}
		}
		list = append(list, one)
	}
	return append(list, c.compareStuck(ref))
}

// compareStuck is the row that counts runs at chance.
func (c CaseResult) compareStuck(ref Reference) Comparison {
	n := len(c.runs(Trained)) + c.Stuck
	one := Comparison{
		Measure: stuckRow, Notebook: "–", PyTorch: "–",
		Here: fmt.Sprintf("%d of %d", c.Stuck, n), Verdict: judgeStuck(ref.Stuck, ref.Of, c.Stuck, n),
	}
	switch {
	case ref.Always:
		one.PyTorch = "all"
		one.Verdict = Verdict{Differs, "all"}
		if c.Stuck == n {
			one.Verdict = Verdict{Agrees, "all"}
		}
	case ref.Of > 0:
		one.PyTorch = fmt.Sprintf("%d of %d", ref.Stuck, ref.Of)
	}
	if n := ref.LastTrain.Notebook; len(n) > 0 {
		k := 0
		for _, v := range n {
			if v > 80 {
				k++
			}
		}
		one.Notebook = fmt.Sprintf("%d of %d", k, len(n))
	}
	return one
}
