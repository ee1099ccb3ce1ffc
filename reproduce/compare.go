package reproduce

import (
	"fmt"
	"math"
	"slices"

	"gradus/run"
	"gradus/sweep"
)

// Comparison is a row of an experiment's table: errors in percent, or numbers of
// runs.
type Comparison struct {
	Measure  string    `json:"measure"`
	Notebook []float64 `json:"notebook,omitempty"` // errors it printed
	PyTorch  *Range    `json:"pytorch,omitempty"`
	Here     *Values   `json:"here,omitempty"`
	Counts   *Counts   `json:"counts,omitempty"`
	AllStuck bool      `json:"all_stuck,omitempty"` // no run here trained: the errors are those of stuck ones
	Verdict  Verdict   `json:"verdict"`
}

// Counts are numbers of runs, in place of errors; nil where they are not known.
type Counts struct {
	Notebook *Count `json:"notebook,omitempty"`
	PyTorch  *Count `json:"pytorch,omitempty"`
	Here     Count  `json:"here"`
}

// Count is a number of runs out of all.
type Count struct {
	Runs int `json:"runs"`
	Of   int `json:"of"`
}

// String is 2 of 5, or a dash for what is not known.
func (c *Count) String() string {
	if c == nil {
		return "–"
	}
	return fmt.Sprintf("%d of %d", c.Runs, c.Of)
}

// NotebookText is what a table says of the notebook.
func (c Comparison) NotebookText() string {
	switch {
	case c.Counts != nil:
		return c.Counts.Notebook.String()
	case len(c.Notebook) == 0:
		return "–"
	}
	return together(c.Notebook, ", ")
}

// PyTorchText is what a table says of PyTorch.
func (c Comparison) PyTorchText() string {
	switch {
	case c.Counts != nil && c.Verdict.All:
		return "all"
	case c.Counts != nil:
		return c.Counts.PyTorch.String()
	case c.PyTorch == nil:
		return "–"
	}
	return c.PyTorch.String()
}

// HereText is what a table says of this run.
func (c Comparison) HereText() string {
	switch {
	case c.Counts != nil:
		return c.Counts.Here.String()
	case c.AllStuck:
		return c.Here.String() + ", stuck"
	}
	return c.Here.String()
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
	failRow  = "runs that failed"
	lastRow  = "last epoch"
	testRow  = "test, " + lastRow
)

// Errors of an epoch, in percent.
func trainError(r run.Record) float64 { return 100 * r.TrainError }
func testError(r run.Record) float64  { return 100 * *r.TestError }

func firstEpoch(r Run) run.Record { return r.Epochs[0] }
func lastEpoch(r Run) run.Record  { return r.last() }

// compare makes the table of a case. Errors are those of the runs that train;
// where none does they are those of the stuck ones.
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
		one := Comparison{Measure: row.name, Notebook: row.figures.Notebook, Here: v, Verdict: judge(row.figures.PyTorch, v)}
		if row.figures.PyTorch.known() {
			one.PyTorch = new(row.figures.PyTorch)
		}
		if stuck && v != nil && !ref.Always {
			one.AllStuck, one.Verdict = true, Verdict{Word: Open}
		}
		list = append(list, one)
	}
	return append(list, c.compareStuck(ref), c.compareFailed(ref))
}

// compareStuck is the row that counts runs at chance.
func (c CaseResult) compareStuck(ref Reference) Comparison {
	theirs, here := Count{ref.Stuck, ref.Of}, Count{c.Stuck, len(c.Runs)}
	one := Comparison{Measure: stuckRow, Counts: &Counts{Here: here}, Verdict: judgeCounts(theirs, here)}
	switch {
	case ref.Always && c.Stuck == len(c.Runs):
		one.Verdict = Verdict{Word: Agrees, All: true}
	case ref.Always:
		one.Verdict = Verdict{Word: Differs, All: true}
	case ref.Of > 0:
		one.Counts.PyTorch = &theirs
	}
	if n := ref.LastTrain.Notebook; len(n) > 0 {
		one.Counts.Notebook = &Count{atChance(n), len(n)}
	}
	return one
}

// compareFailed is the row that counts runs that ended by an error, as none of
// PyTorch's did.
func (c CaseResult) compareFailed(ref Reference) Comparison {
	theirs, here := Count{0, ref.Of}, Count{c.Failed, len(c.Runs)}
	one := Comparison{Measure: failRow, Counts: &Counts{Here: here}, Verdict: judgeCounts(theirs, here)}
	if ref.Of > 0 {
		one.Counts.PyTorch = &theirs
	}
	if n := len(ref.LastTrain.Notebook); n > 0 {
		one.Counts.Notebook = &Count{0, n}
	}
	return one
}
