package sweep

import (
	"cmp"
	"math"
	"slices"

	"gradus/run"
)

// Summary is what a sweep found: its settings, best first.
type Summary struct {
	Grid     *Grid
	Measured string // what settings are ranked by: Test or Validation, after the last epoch
	Rows     []Row
	// Counts of trainings. Stuck ones are finished too.
	Trainings, Finished, Failed, Stuck int
}

// Row is a setting, over all seeds.
type Row struct {
	Settings Settings // of all axes but the seed
	Trials   []*Trial
	// Of the trials that finished: the training error of the last epoch, the
	// error on what epochs are measured on, and on the test set at the end.
	Train, Measured, Test Spread

	Finished, Failed, Stuck int
}

// Spread is the mean of some values and how far they lie apart.
type Spread struct {
	N    int
	Mean float64 // NaN for no values
	// Deviation is the sample standard deviation, with N - 1 in the denominator;
	// NaN for fewer than two values.
	Deviation float64
}

// SpreadOf computes a spread.
func SpreadOf(values []float64) Spread {
	s := Spread{len(values), math.NaN(), math.NaN()}
	if s.N == 0 {
		return s
	}
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	s.Mean = sum / float64(s.N)
	if s.N < 2 {
		return s
	}
	squares := 0.0
	for _, v := range values {
		squares += (v - s.Mean) * (v - s.Mean)
	}
	s.Deviation = math.Sqrt(squares / float64(s.N-1))
	return s
}

// Summarize groups trials, in the grid's order, by their settings other than
// the seed, and ranks them: first the settings all of whose trainings finished,
// by their mean error; then those with failures. Equal ones keep the grid's
// order.
func (g *Grid) Summarize(trials []Trial) *Summary {
	s := &Summary{Grid: g, Measured: g.Base.Measured(), Trainings: len(trials)}
	rows := map[string]int{}
	for i := range trials {
		t := &trials[i]
		settings := t.Settings.without(seed)
		key := settings.String()
		at, ok := rows[key]
		if !ok {
			at = len(s.Rows)
			rows[key] = at
			s.Rows = append(s.Rows, Row{Settings: settings})
		}
		s.Rows[at].Trials = append(s.Rows[at].Trials, t)
	}
	for i := range s.Rows {
		r := &s.Rows[i]
		r.fill()
		s.Finished, s.Failed, s.Stuck = s.Finished+r.Finished, s.Failed+r.Failed, s.Stuck+r.Stuck
	}
	slices.SortStableFunc(s.Rows, compare)
	return s
}

func (r *Row) fill() {
	var train, measured, test []float64
	for _, t := range r.Trials {
		switch t.State() {
		case Failed:
			r.Failed++
		case Finished:
			r.Finished++
			if t.Stuck {
				r.Stuck++
			}
			e := errorsOf(t.Result)
			train, measured, test = append(train, e.train), append(measured, e.measured), append(test, e.test)
		}
	}
	r.Train, r.Measured, r.Test = SpreadOf(train), SpreadOf(measured), SpreadOf(test)
}

// finals are the errors a training ended with.
type finals struct{ train, measured, test float64 }

func errorsOf(r *run.Result) finals {
	last, _ := r.Last()
	f := finals{last.Train.Error, last.Test.Error, last.Test.Error}
	if r.End.Test != nil {
		f.test = r.End.Test.Error
	}
	return f
}

// compare orders rows, also those with nothing to compare.
func compare(a, b Row) int {
	class := func(r Row) int {
		switch {
		case r.Finished > 0 && r.Failed == 0:
			return 0
		case r.Finished > 0:
			return 1
		case r.Failed > 0:
			return 2
		}
		return 3
	}
	if c := cmp.Compare(class(a), class(b)); c != 0 || class(a) > 1 {
		return c
	}
	return cmp.Compare(a.Measured.Mean, b.Measured.Mean)
}

// Best is the best setting. There is none where no setting finished all of its
// trainings without a failure.
func (s *Summary) Best() (row *Row, ok bool) {
	if len(s.Rows) == 0 || s.Rows[0].Finished == 0 || s.Rows[0].Failed > 0 {
		return nil, false
	}
	return &s.Rows[0], true
}
