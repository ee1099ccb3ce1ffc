package reproduce

import (
	"math"
	"testing"
)

func TestJudge(t *testing.T) {
	narrow, wide := Range{10, 1.13, 1.27, 1.39}, Range{10, 4.91, 5.70, 7.70}
	for _, test := range []struct {
		name     string
		r        Range
		values   []float64
		want     Word
		accepted string
	}{
		{"within", narrow, []float64{1.2, 1.4}, Agrees, "0.87 – 1.65"},
		{"at the edge", narrow, []float64{1.65, 1.65}, Agrees, "0.87 – 1.65"},
		{"above", narrow, []float64{1.6, 1.8}, Differs, "0.87 – 1.65"},
		{"below", narrow, []float64{0.8, 0.8}, Differs, "0.87 – 1.65"},
		{"one seed within", narrow, []float64{1.3}, Agrees, "0.87 – 1.65"},
		{"one seed outside decides nothing", narrow, []float64{1.8}, Open, "0.87 – 1.65"},
		{"wide", wide, []float64{2.2, 2.4}, Agrees, "2.12 – 10.49"},
		{"at least 0.2 points", Range{2, 1.9, 0, 1.9}, []float64{2.05, 2.05}, Agrees, "1.70 – 2.10"},
		{"never below nothing", Range{2, 1, 0, 11}, []float64{0.1, 0.3}, Agrees, "0.00 – 21.00"},
		{"what accepts nearly everything", Range{2, 2.58, 0, 31.85}, []float64{0.1, 0.3}, Open, "0.00 – 61.12"},
		{"outside even of that", Range{2, 2.58, 0, 31.85}, []float64{80, 82}, Differs, "0.00 – 61.12"},
		{"a single run of theirs", Range{1, 3.72, 3.72, 3.72}, []float64{9, 9}, Open, "–"},
		{"nothing of theirs", Range{}, []float64{1}, Open, "–"},
		{"nothing of ours", narrow, nil, Open, "–"},
	} {
		if got := judge(test.r, valuesOf(test.values)); got.Word != test.want || got.Accepted() != test.accepted {
			t.Errorf("%s: expected %v, %s, got %v, %s", test.name, test.want, test.accepted, got.Word, got.Accepted())
		}
	}
}

func TestJudgeCounts(t *testing.T) {
	for _, test := range []struct {
		theirs, of, ours, n int
		want                Word
	}{
		{0, 10, 0, 5, Agrees},
		{0, 10, 5, 5, Differs},
		{4, 5, 1, 1, Agrees},
		{4, 5, 0, 1, Agrees},
		{4, 5, 16, 20, Agrees},
		{4, 5, 0, 20, Differs},
		{3, 8, 7, 20, Agrees},
		{0, 0, 1, 1, Open},
		{1, 2, 0, 0, Open},
	} {
		if got := judgeCounts(Count{test.theirs, test.of}, Count{test.ours, test.n}); got.Word != test.want {
			t.Errorf("%d of %d against %d of %d: expected %s, got %v", test.theirs, test.of, test.ours, test.n, test.want, got)
		}
	}
}

// The values are R's: fisher.test(matrix(c(a, c, b-a, d-c), 2))$p.value.
func TestFisher(t *testing.T) {
	for _, test := range []struct {
		a, b, c, d int
		want       float64
	}{
		{3, 4, 1, 4, 0.4857142857}, // Fisher's tea
		{8, 10, 1, 6, 0.0349650350},
		{0, 5, 0, 5, 1},
		{5, 5, 0, 5, 0.0079365079},
	} {
		if got := fisher(test.a, test.b, test.c, test.d); math.Abs(got-test.want) > 1e-9 {
			t.Errorf("%v: expected %.10f, got %.10f", test, test.want, got)
		}
	}
}

func TestRangeText(t *testing.T) {
	for _, test := range []struct {
		r    Range
		want string
	}{
		{Range{10, 1.13, 1.27, 1.39}, "1.13 – 1.27 – 1.39 (10)"},
		{Range{10, 64, 87.6, 88.8}, "64.0 – 87.6 – 88.8 (10)"},
		{Range{2, 5, 0, 6}, "5.0 – 6.0 (2)"},
		{Range{1, 3.72, 3.72, 3.72}, "3.72 (1)"},
		{Range{0, 88.76, 88.76, 88.76}, "88.76"},
		{Range{}, "–"},
	} {
		if got := test.r.String(); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
}

// What a case's verdict is, from its rows.
func TestCaseVerdict(t *testing.T) {
	find := func(id string) Experiment {
		for _, e := range Experiments() {
			if e.ID == id {
				return e
			}
		}
		t.Fatalf("expected an experiment %s, got none", id)
		return Experiment{}
	}
	for _, test := range []struct {
		name, id string
		errors   []float64
		failed   int
		want     Word
	}{
		{"c in range", "c", []float64{2.0, 2.1}, 0, Differs}, // the training error made for it, 1.0, is not
		{"c in both ranges", "c", []float64{3.2, 3.2}, 0, Agrees},
		{"f stuck", "f", []float64{88.65}, 0, Agrees},
		{"f never stuck", "f", []float64{3, 3, 3, 3, 3, 3, 3, 3, 3, 3}, 0, Differs},
		{"h in both ranges", "h", []float64{1.1, 1.1}, 0, Differs}, // the training error made for it, 0.55, is not
		{"c with a failure of five", "c", []float64{3.2, 3.2, 3.2, 3.2}, 1, Agrees},
		{"c with four failures of five", "c", []float64{3.2}, 4, Differs},
		{"c fails", "c", nil, 1, Open},
		{"f fails or is stuck", "f", []float64{88.65}, 1, Open},
		{"i fails once", "i", []float64{88.65, 88.65}, 1, Differs},
		{"i stuck", "i", []float64{88.65, 88.65}, 0, Agrees},
		{"i trains", "i", []float64{88.65, 2}, 0, Differs},
	} {
		e := find(test.id)
		c := made(e.Cases[0].Config, test.errors...)
		for range test.failed {
			c.add(Run{Outcome: Failed})
		}
		c.Comparisons = c.compare(e.Cases[0].Reference)
		if got := c.Verdict(); got != test.want {
			t.Errorf("%s: expected %s, got %s of %+v", test.name, test.want, got, c.Comparisons)
		}
	}
}

// What the tables say of runs.
func TestRunText(t *testing.T) {
	c := made(block("gated", 0, "0.3x1"), 1.2, 1.1, 88.65)
	c.add(Run{Outcome: Failed})
	c.Comparisons = c.compare(Reference{LastTest: pytorch(1, 3.02, 3.02, 3.02), Stuck: 4, Of: 5})
	if got, want := c.RunText(), "2 of 4 trained, 1 stuck, 1 failed"; got != want {
		t.Errorf("expected %q, got %q", want, got)
	}
	if got, want := c.PyTorchText(), "4 of 5 stuck; 3.02 (1)"; got != want {
		t.Errorf("expected %q, got %q", want, got)
	}
	if got, want := c.Of(testRow).HereText(), "1.15 ± 0.07"; got != want {
		t.Errorf("expected the mean of what trained, %q, got %q", want, got)
	}
	if got, want := c.Of(failRow).HereText(), "1 of 4"; got != want {
		t.Errorf("expected %q, got %q", want, got)
	}
}
