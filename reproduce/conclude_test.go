package reproduce

import (
	"slices"
	"strings"
	"testing"
)

// sweepOf is experiment d with made-up test errors, a list for each rate.
func sweepOf(best float64, errors map[string][]float64) Result {
	e := Result{ID: "d", Rate: true, NotebookBest: best}
	for _, rate := range []string{"0.03", "0.05", "0.07"} {
		e.Cases = append(e.Cases, made(plain(1, 64, 0, rate+"x5"), errors[rate]...))
	}
	return e
}

func TestConcludeRate(t *testing.T) {
	for _, test := range []struct {
		name   string
		best   float64
		errors map[string][]float64
		want   string
	}{
		{"as the notebook", 0.07, map[string][]float64{"0.03": {3}, "0.05": {2.8}, "0.07": {2.4}},
			"With batches of 64 and momentum 0 a learning rate of 0.07 is best: training error 1.20%, test error 2.40%, as in the notebook."},
		{"another", 0.07, map[string][]float64{"0.03": {3, 3}, "0.05": {2, 2.2}, "0.07": {2.4, 2.4}},
			"With batches of 64 and momentum 0 a learning rate of 0.05 is best: training error 1.05 ± 0.07%, test error 2.10 ± 0.14%, unlike the notebook's 0.07."},
		{"one that got stuck is not best", 0.07, map[string][]float64{"0.03": {3, 3}, "0.05": {1, 88.7}, "0.07": {2.4, 2.4}},
			"a learning rate of 0.07 is best"},
		{"none", 0.07, map[string][]float64{"0.03": {89}, "0.05": {89}, "0.07": {89}}, "With batches of 64 and momentum 0 no learning rate trains in every run."},
	} {
		if got := sweepOf(test.best, test.errors).concludeRate(); !strings.Contains(got, test.want) {
			t.Errorf("%s: expected %q, got %q", test.name, test.want, got)
		}
	}
	two := sweepOf(0.07, map[string][]float64{"0.03": {3}, "0.05": {2.8}, "0.07": {2.4}})
	two.Cases[1].Runs[0].Epochs[0].TrainError = 0.001
	want := "a learning rate of 0.05 has the lowest training error, 0.10%, and 0.07 the lowest test error, 2.40%; the notebook chose 0.07."
	if got := two.concludeRate(); !strings.HasSuffix(got, want) {
		t.Errorf("expected %q, got %q", want, got)
	}
}

func TestConclude(t *testing.T) {
	deep := plain(3, 64, 0, "0.3x2")
	residual, gated := block("residual", 0, "0.3x2"), block("gated", 0, "0.3x2")
	one := func(id string, c CaseResult) Result {
		for _, e := range Experiments() {
			if e.ID == id {
				return Result{ID: id, Adds: e.Adds, Before: e.Before, Deep: e.Deep, Cases: []CaseResult{c}}
			}
		}
		t.Fatalf("expected an experiment %s, got none", id)
		return Result{}
	}
	for _, test := range []struct {
		name        string
		experiments []Result
		want        []string
	}{
		{"nothing", nil, nil},
		{"the problem set's story", []Result{
			one("f", made(deep, 88.65, 88.65)), one("g", made(residual, 1.7, 1.9)), one("h", made(gated, 1.1, 1.1)),
		}, []string{
			"The plain network of depth 3 does not train: both runs stayed at chance.",
			"With residual connections depth 3 trains in both runs, to a test error of 1.80 ± 0.14%; the plain one did not train at all.",
			"With the gate depth 3 trains in both runs, to a test error of 1.10 ± 0.00%; the error is 0.70 points lower than that of the residual one.",
		}},
		{"another story", []Result{
			one("f", made(deep, 3, 3)), one("g", made(residual, 3.1, 88.65)), one("h", made(gated, 3.2, 3.0)),
		}, []string{
			"The plain network of depth 3 trains in both runs, to a test error of 3.00 ± 0.00%.",
			"With residual connections depth 3 trains in 1 of 2 runs, there to a test error of 3.10%, less often than the plain one; the error is 0.10 points higher than that of the plain one, which one seed cannot prove.",
			"With the gate depth 3 trains in both runs, to a test error of 3.10 ± 0.14%, more often than the residual one; the error is the same as that of the residual one.",
		}},
		{"half and half", []Result{one("f", made(deep, 3, 88.65, 88.65))}, []string{
			"The plain network of depth 3 trains in only 1 of 3 runs, there to a test error of 3.00%; the others stay at chance.",
		}},
		{"within the spread", []Result{one("g", made(residual, 1.7, 1.9)), one("h", made(gated, 1.6, 1.9))}, []string{
			"With residual connections depth 3 trains in both runs, to a test error of 1.80 ± 0.14%.",
			"With the gate depth 3 trains in both runs, to a test error of 1.75 ± 0.21%; the error is 0.05 points lower than that of the residual one, within the spread of the seeds.",
		}},
	} {
		r := &Results{Experiments: test.experiments}
		if got := r.conclude(); !slices.Equal(got, test.want) {
			t.Errorf("%s: expected\n%s\ngot\n%s", test.name, strings.Join(test.want, "\n"), strings.Join(got, "\n"))
		}
	}
}

// Runs that ended by an error are told from those at chance.
func TestConcludeFailures(t *testing.T) {
	some, none := made(block("gated", 0, "0.3x2"), 1.2, 88.65), made(block("gated", 0, "0.3x2"), 88.65)
	for _, c := range []*CaseResult{&some, &none} {
		c.add(Run{Outcome: Failed})
	}
	for _, test := range []struct {
		c    CaseResult
		want string
	}{
		{some, "With the gate depth 3 trains in 1 of 3 runs, there to a test error of 1.20% (1 stayed at chance, 1 ended by an error)."},
		{none, "With the gate depth 3 does not train: 1 of 2 runs stayed at chance, 1 ended by an error."},
	} {
		if got := concludeBlock("the gate", test.c, Result{}); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
}

func TestConcludeAlpha(t *testing.T) {
	c := made(withAlpha(block("convex", 0.9, "0.05x5"), -2), 2)
	for _, test := range []struct {
		weights []float64
		want    string
	}{
		{[]float64{0.2, 0.4}, "The convex weights of j began at 0.12 and moved towards the convolution in every block: they end between 0.20 and 0.40, 0.30 on average; block 2 moved the most, by +0.28."},
		{[]float64{0.1, 0.02}, "The convex weights of j began at 0.12 and moved towards the shortcut in every block: they end between 0.02 and 0.10, 0.06 on average; block 2 moved the most, by -0.10."},
		{[]float64{0.5, 0.1}, "The convex weights of j began at 0.12 and moved in both directions: they end between 0.10 and 0.50, 0.30 on average; block 1 moved the most, by +0.38."},
	} {
		c.Runs[0].Alphas = []Alpha{{Block: "1: 4→4, 14x14", Weights: test.weights[:1]}, {Block: "2: 4→8, 7x7", Weights: test.weights[1:]}}
		if got := c.concludeAlpha("j"); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
	stuck := made(withAlpha(block("convex", 0.9, "0.05x5"), -2), 88.65)
	if got := stuck.concludeAlpha("j"); got != "" {
		t.Errorf("expected nothing of runs that are stuck, got %q", got)
	}
}

// Names of settings come from the settings.
func TestSettings(t *testing.T) {
	e := Result{Cases: []CaseResult{{Config: withAlpha(block("convex", 0, "0.3x2,0.07x3"), -2)}}}
	want := "convex, depth 3 · batch 64 · momentum 0 · learning rate 0.3 for 2 epochs, then 0.07 for 3 · alpha -2"
	if got := e.Settings(); got != want {
		t.Errorf("expected %q, got %q", want, got)
	}
}
