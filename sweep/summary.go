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
	// Counts of trainings. Stuck ones are finished too; diverged ones are any that
	// undid in some epoch what they had learned.
	Trainings, Finished, Failed, Stuck, Diverged int
}

// Row is a setting, over all seeds.
type Row struct {
	Settings Settings // of all axes but the seed
	Trials   []*Trial
	// Of the trials that trained, or of the stuck ones where none did: the
	// training error of the last epoch, the error on what epochs are measured on,
	// and on the test set at the end.
	Train, Measured, Test Spread

	Finished, Failed, Stuck, Diverged int
}

// Trained is the number of trials that finished better than chance.
func (r Row) Trained() int { return r.Finished - r.Stuck }

// complete reports whether all trials have finished, none by a failure.
func (r Row) complete() bool { return r.Finished == len(r.Trials) }

// shown are the trials that errors are of: those that trained, or the stuck ones
// where none did.
func (r Row) shown() []*Trial {
	var list []*Trial
	for _, t := range r.Trials {
		if t.State() == Finished && t.Stuck == (r.Trained() == 0) {
			list = append(list, t)
		}
	}
	return list
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
// then those of which some failed or are missing; among them by the share of
// trainings that got better than chance, and then by the mean error of these.
// Equal ones keep the grid's order.
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
		s.Finished, s.Failed, s.Stuck, s.Diverged = s.Finished+r.Finished, s.Failed+r.Failed, s.Stuck+r.Stuck, s.Diverged+r.Diverged
	}
	slices.SortStableFunc(s.Rows, compare)
	return s
}

func (r *Row) fill() {
	for _, t := range r.Trials {
		switch t.State() {
		case Failed:
			r.Failed++
		case Finished:
			r.Finished++
			if t.Stuck {
				r.Stuck++
			}
		}
		if t.Diverged {
			r.Diverged++
		}
	}
	var train, measured, test []float64
	for _, t := range r.shown() {
		e := errorsOf(t.Result)
		train, measured, test = append(train, e.train), append(measured, e.measured), append(test, e.test)
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
		case r.complete() && r.Trained() > 0:
			return 0
		case r.Trained() > 0:
			return 1
		case r.Stuck > 0:
			return 2
		case r.Failed > 0:
			return 3
		}
		return 4
	}
	share := func(r Row) float64 { return float64(r.Trained()) / float64(len(r.Trials)) }
	if c := cmp.Compare(class(a), class(b)); c != 0 || class(a) > 2 {
		return c
	}
	return cmp.Or(cmp.Compare(share(b), share(a)), cmp.Compare(a.Measured.Mean, b.Measured.Mean))
}

// Best is the best setting. There is none where no setting finished all of its
// trainings without a failure, or none of these got better than chance.
func (s *Summary) Best() (row *Row, ok bool) {
	if len(s.Rows) == 0 || !s.Rows[0].complete() || s.Rows[0].Trained() == 0 {
		return nil, false
	}
	return &s.Rows[0], true
}

// leading is the setting to name while none is complete: the first by rank with
// a training that got better than chance and none that failed.
func (s *Summary) leading() (row *Row, ok bool) {
	for i := range s.Rows {
		if r := &s.Rows[i]; r.Trained() > 0 && r.Failed == 0 {
			return r, true
		}
	}
	return nil, false
}
