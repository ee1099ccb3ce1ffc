package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// conclude says what the figures say, a sentence or two for each question that
// was asked. Experiments that were not done are not spoken of.
func (r *Results) conclude() []string {
	var list []string
	for _, e := range r.Experiments {
		if e.Rate {
			list = append(list, e.concludeRate())
		}
	}
	for _, e := range r.Experiments {
		if e.Deep {
			list = append(list, e.Cases[0].concludeDepth())
		}
	}
	for _, e := range r.Experiments {
		if e.Adds != "" {
			before, _ := r.find(e.Before)
			list = append(list, concludeBlock(e.Adds, e.Cases[0], before))
		}
	}
	for _, e := range r.Experiments {
		if c := e.Cases[0]; c.Config.HasAlpha() {
			if s := c.concludeAlpha(e.ID); s != "" {
				list = append(list, s)
			}
		}
	}
	return list
}

// finals are the last errors of the runs that trained, in percent.
func (c CaseResult) finals() (training, test *Values) {
	var a, b []float64
	for _, r := range c.runs(Trained) {
		a, b = append(a, trainError(r.last())), append(b, testError(r.last()))
	}
	return valuesOf(a), valuesOf(b)
}

// rate is the learning rate of a case that has one.
func (c CaseResult) rate() float64 {
	if s, err := c.Config.Stages(); err == nil && len(s) > 0 {
		return s[0].LearningRate
	}
	return math.NaN()
}

// concludeRate names the best learning rate, or the two that share the honour.
func (e Result) concludeRate() string {
	setting := fmt.Sprintf("batches of %d and momentum %g", e.Cases[0].Config.Batch, e.Cases[0].Config.Momentum)
	lowest := func(pick func(CaseResult) *Values) (best CaseResult, v *Values) {
		for _, c := range e.Cases {
			if w := pick(c); c.Stuck+c.Failed == 0 && w != nil && (v == nil || w.Mean < v.Mean) {
				best, v = c, w
			}
		}
		return best, v
	}
	byTrain, train := lowest(func(c CaseResult) *Values { v, _ := c.finals(); return v })
	byTest, test := lowest(func(c CaseResult) *Values { _, v := c.finals(); return v })
	if train == nil {
		return fmt.Sprintf("With %s no learning rate trains in every run.", setting)
	}
	var s string
	if byTrain.rate() == byTest.rate() {
		s = fmt.Sprintf("With %s a learning rate of %g is best: training error %s%%, test error %s%%", setting, byTrain.rate(), train, test)
	} else {
		s = fmt.Sprintf("With %s a learning rate of %g has the lowest training error, %s%%, and %g the lowest test error, %s%%",
			setting, byTrain.rate(), train, byTest.rate(), test)
	}
	switch {
	case byTrain.rate() == e.NotebookBest && byTest.rate() == e.NotebookBest:
		return s + ", as in the notebook."
	case byTrain.rate() == e.NotebookBest || byTest.rate() == e.NotebookBest:
		return s + fmt.Sprintf("; the notebook chose %g.", e.NotebookBest)
	}
	return s + fmt.Sprintf(", unlike the notebook's %g.", e.NotebookBest)
}

// count is a number of runs: 2 of 5 runs, or the run for one.
func count(k, n int) string {
	switch {
	case n == 1:
		return "the one run"
	case k == n && n == 2:
		return "both runs"
	case k == n:
		return fmt.Sprintf("all %d runs", n)
	}
	return fmt.Sprintf("%d of %d runs", k, n)
}

// untrained says what became of runs none of which trained.
func (c CaseResult) untrained() string {
	n := len(c.Runs)
	switch c.Failed {
	case 0:
		return count(n, n) + " stayed at chance"
	case n:
		return count(n, n) + " ended by an error"
	}
	return fmt.Sprintf("%d of %d runs stayed at chance, %d ended by an error", c.Stuck, n, c.Failed)
}

func (c CaseResult) concludeDepth() string {
	n, trained := len(c.Runs), len(c.runs(Trained))
	_, test := c.finals()
	switch trained {
	case 0:
		return fmt.Sprintf("The plain network of depth 3 does not train: %s.", c.untrained())
	case n:
		return fmt.Sprintf("The plain network of depth 3 trains in %s, to a test error of %s%%.", count(n, n), test)
	}
	others := "the others stay at chance"
	if c.Failed > 0 {
		others = fmt.Sprintf("%d stayed at chance, %d ended by an error", c.Stuck, c.Failed)
	}
	return fmt.Sprintf("The plain network of depth 3 trains in only %s, there to a test error of %s%%; %s.", count(trained, n), test, others)
}

// concludeBlock compares a network of blocks with the one before it.
func concludeBlock(with string, c CaseResult, before Result) string {
	n, trained := len(c.Runs), len(c.runs(Trained))
	_, test := c.finals()
	head := "With " + with + " depth 3 "
	switch trained {
	case 0:
		return head + fmt.Sprintf("does not train: %s.", c.untrained())
	case n:
		head += fmt.Sprintf("trains in %s, to a test error of %s%%", count(n, n), test)
	default:
		head += fmt.Sprintf("trains in %s, there to a test error of %s%%", count(trained, n), test)
		if c.Failed > 0 {
			head += fmt.Sprintf(" (%d stayed at chance, %d ended by an error)", c.Stuck, c.Failed)
		}
	}
	if len(before.Cases) == 0 {
		return head + "."
	}
	b := before.Cases[0]
	_, other := b.finals()
	name := b.Config.Net
	share, otherShare := float64(trained)/float64(n), float64(len(b.runs(Trained)))/float64(len(b.Runs))
	switch {
	case other == nil:
		return head + fmt.Sprintf("; the %s one did not train at all.", name)
	case share > otherShare:
		head += fmt.Sprintf(", more often than the %s one", name)
	case share < otherShare:
		head += fmt.Sprintf(", less often than the %s one", name)
	}
	return head + "; " + difference(test, other, " than that of the "+name+" one") + "."
}

// difference says which of two errors is lower, and whether their spreads leave
// a doubt. Than says what b is the error of, if that need be said.
func difference(a, b *Values, than string) string {
	d := a.Mean - b.Mean
	word := "lower"
	if d > 0 {
		word = "higher"
	}
	if math.Abs(d) < 0.005 {
		return "the error is the same" + strings.Replace(than, " than", " as", 1)
	}
	s := fmt.Sprintf("the error is %.2f points %s%s", math.Abs(d), word, than)
	if a.N == 1 || b.N == 1 {
		return s + ", which one seed cannot prove"
	}
	if math.Abs(d) < a.Deviation+b.Deviation {
		return s + ", within the spread of the seeds"
	}
	return s
}

// concludeAlpha says where the weights of the convex blocks went.
func (c CaseResult) concludeAlpha(id string) string {
	var starts, ends []float64
	most, mostBlock := 0.0, ""
	for _, r := range c.runs(Trained) {
		for _, a := range r.Alphas {
			for _, w := range a.Weights {
				start := 1 / (1 + math.Exp(-*c.Config.Alpha))
				starts, ends = append(starts, start), append(ends, w)
				if d := w - start; math.Abs(d) > math.Abs(most) {
					most, mostBlock = d, a.Block
				}
			}
		}
	}
	if len(ends) == 0 {
		return ""
	}
	v := valuesOf(ends)
	direction := "moved in both directions"
	switch {
	case v.Min >= starts[0]:
		direction = "moved towards the convolution in every block"
	case v.Max <= starts[0]:
		direction = "moved towards the shortcut in every block"
	}
	number, _, _ := strings.Cut(mostBlock, ":")
	return fmt.Sprintf("The convex weights of %s began at %.2f and %s: they end between %.2f and %.2f, %.2f on average; block %s moved the most, by %+.2f.",
		id, starts[0], direction, slices.Min(ends), slices.Max(ends), v.Mean, number, most)
}
