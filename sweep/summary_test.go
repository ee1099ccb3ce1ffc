package sweep_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/run"
	"gradus/sweep"
	"gradus/train"
)

// ended makes a trial that ended with a test error; NaN is a failure, and 0.88 and
// more is stuck.
func ended(p sweep.Point, testError float64) sweep.Trial {
	t := sweep.Trial{Point: p, Result: &run.Result{Config: p.Config.Effective()}}
	if math.IsNaN(testError) {
		t.Err = errors.New("stage 1, epoch 1: step 3: loss NaN")
		return t
	}
	t.Result.Epochs = []train.Epoch{
		{Epoch: 1, Train: train.Score{Error: 0.5}, Test: train.Score{Error: 0.5}},
		{Epoch: 2, Train: train.Score{Error: testError / 2}, Test: train.Score{Error: testError}},
	}
	t.Result.End = &run.End{Weights: "00"}
	t.Stuck = testError >= 0.88
	return t
}

func trials(g *sweep.Grid, testErrors ...float64) []sweep.Trial {
	list := make([]sweep.Trial, len(g.Points))
	for i, p := range g.Points {
		list[i].Point = p
		if i < len(testErrors) {
			list[i] = ended(p, testErrors[i])
		}
	}
	return list
}

func TestSpread(t *testing.T) {
	nan := math.NaN()
	for _, test := range []struct {
		values          []float64
		mean, deviation float64
	}{
		{nil, nan, nan},
		{[]float64{3}, 3, nan},
		{[]float64{2, 4}, 3, math.Sqrt2},
		{[]float64{2, 4, 4, 4, 5, 5, 7, 9}, 5, math.Sqrt(32.0 / 7)}, // 32 squares over 8 - 1
		{[]float64{1, 1, 1}, 1, 0},
	} {
		got := sweep.SpreadOf(test.values)
		same := func(a, b float64) bool { return a == b || a != a && b != b || math.Abs(a-b) < 1e-15 }
		if got.N != len(test.values) || !same(got.Mean, test.mean) || !same(got.Deviation, test.deviation) {
			t.Errorf("%v: expected %v +- %v, got %+v", test.values, test.mean, test.deviation, got)
		}
	}
}

func text(t *testing.T, s *sweep.Summary) string {
	t.Helper()
	var b strings.Builder
	if err := s.WriteText(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSummaryText(t *testing.T) {
	nan := math.NaN()
	base := run.DefaultConfig()
	base.Batch = 64
	for _, test := range []struct {
		name   string
		axes   []string
		errors []float64
		want   string
	}{
		{"seeds", []string{"lr 0.01,0.03,0.07", "seed 1..3"}, []float64{0.05, 0.06, 0.07, 0.03, 0.032, 0.034, 0.9, 0.02, 0.02}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 3 seeds, mnist

lr      train error     test error  finished  stuck
0.03  1.60% +- 0.10  3.20% +- 0.20       3/3      0
0.01  3.00% +- 0.50  6.00% +- 1.00       3/3      0
0.07  1.00% +- 0.00  2.00% +- 0.00       3/3      1

errors are means over 3 seeds that are not stuck, +- one sample standard deviation
stuck: ended within a percentage point of chance, in 1 of 9 trainings
chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.03, test error 3.20% +- 0.20
`},
		{"one seed", []string{"lr 0.01,0.03"}, []float64{0.05, 0.03}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, seed 1, mnist

lr    train error  test error  stuck
0.03        1.50%       3.00%      0
0.01        2.50%       5.00%      0

chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.03, test error 3.00%
`},
		{"equal ones keep the grid's order", []string{"lr 0.03,0.01,0.02"}, []float64{0.03, 0.03, 0.03}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, seed 1, mnist

lr    train error  test error  stuck
0.03        1.50%       3.00%      0
0.01        1.50%       3.00%      0
0.02        1.50%       3.00%      0

chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.03, test error 3.00%
`},
		{"failures are never best", []string{"lr 0.01,0.03,0.05,0.07", "seed 1,2"}, []float64{0.01, nan, nan, nan, 0.05, 0.05, 0.02, nan}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 2 seeds, mnist

lr      train error     test error  finished  failed  stuck
0.05  2.50% +- 0.00  5.00% +- 0.00       2/2       0      0
0.01          0.50%          1.00%       1/2       1      0
0.07          1.00%          2.00%       1/2       1      0
0.03              -              -       0/2       2      0

errors are means over 2 seeds, +- one sample standard deviation
failed: lr = 0.01, seed = 2: stage 1, epoch 1: step 3: loss NaN
failed: lr = 0.07, seed = 2: stage 1, epoch 1: step 3: loss NaN
failed: lr = 0.03, seed = 1: stage 1, epoch 1: step 3: loss NaN
failed: lr = 0.03, seed = 2: stage 1, epoch 1: step 3: loss NaN
chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.05, test error 5.00% +- 0.00
`},
		{"where no setting always trains", []string{"lr 0.01,0.03", "seed 1..3"}, []float64{0.9, 0.02, 0.9, 0.9, 0.03, 0.05}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 3 seeds, mnist

lr      train error     test error  finished  stuck
0.03  2.00% +- 0.71  4.00% +- 1.41       3/3      1
0.01          1.00%          2.00%       3/3      2

errors are means over 3 seeds that are not stuck, +- one sample standard deviation
stuck: ended within a percentage point of chance, in 3 of 6 trainings
chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.03, test error 4.00% +- 1.41 (2 of 3 trained)
`},
		{"all stuck", []string{"lr 0.1,0.3"}, []float64{0.9, 0.9}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, seed 1, mnist

lr   train error  test error  stuck
0.1       45.00%      90.00%      1
0.3       45.00%      90.00%      1

stuck: ended within a percentage point of chance, in 2 of 2 trainings
best: none, no training got better than chance
`},
		{"failures and stuck ones", []string{"lr 0.1,0.3", "seed 1,2"}, []float64{0.9, 0.9, nan, 0.02}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 2 seeds, mnist

lr      train error      test error  finished  failed  stuck
0.3           1.00%           2.00%       1/2       1      0
0.1  45.00% +- 0.00  90.00% +- 0.00       2/2       0      2

errors are means over 2 seeds that are not stuck, +- one sample standard deviation
stuck: ended within a percentage point of chance, in 2 of 3 trainings
failed: lr = 0.3, seed = 1: stage 1, epoch 1: step 3: loss NaN
best: none, only settings with a failure got better than chance
`},
		{"interrupted before any setting was complete", []string{"lr 0.01,0.03", "seed 1,2"}, []float64{0.05}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 2 seeds, mnist

lr    train error  test error  finished  stuck
0.01        2.50%       5.00%       1/2      0
0.03            -           -       0/2      0

errors are means over 2 seeds, +- one sample standard deviation
best so far: lr = 0.01, test error 5.00% (1 of 2 trained)
`},
		{"every setting has a failure", []string{"lr 0.01,0.03", "seed 1,2"}, []float64{0.01, nan, nan, 0.02}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, 2 seeds, mnist

lr    train error  test error  finished  failed  stuck
0.01        0.50%       1.00%       1/2       1      0
0.03        1.00%       2.00%       1/2       1      0

errors are means over 2 seeds, +- one sample standard deviation
failed: lr = 0.01, seed = 2: stage 1, epoch 1: step 3: loss NaN
failed: lr = 0.03, seed = 1: stage 1, epoch 1: step 3: loss NaN
best: none, every setting had a training that failed
`},
		{"all fail", []string{"lr 0.01"}, []float64{nan}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, schedule 0.01x5, seed 1, mnist

train error  test error  finished  failed  stuck
          -           -       0/1       1      0

failed: stage 1, epoch 1: step 3: loss NaN
best: none, no training finished
`},
		{"interrupted", []string{"lr 0.01,0.03,0.07"}, []float64{0.05, 0.03}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, seed 1, mnist

lr    train error  test error  finished  stuck
0.03        1.50%       3.00%       1/1      0
0.01        2.50%       5.00%       1/1      0
0.07            -           -       0/1      0

chosen by test error, which flatters it; --validation 10000 chooses without
best: lr = 0.03, test error 3.00%
`},
		{"one training", nil, []float64{0.05}, `plain, depth 1, kernel 3, relu, batch 64, momentum 0, schedule 0.07x2,0.01x3, seed 1, mnist

train error  test error  stuck
      2.50%       5.00%      0

best: test error 5.00%
`},
	} {
		g := grid(t, base, test.axes...)
		if d := cmp.Diff(test.want, text(t, g.Summarize(trials(g, test.errors...)))); d != "" {
			t.Errorf("%s:\n%s", test.name, d)
		}
	}
}

// With held-out samples settings are ranked by them, and the test error is shown.
func TestSummaryByValidation(t *testing.T) {
	base := run.DefaultConfig()
	base.Validation = 100
	g := grid(t, base, "lr 0.01,0.03")
	list := trials(g, 0.03, 0.02)
	list[0].Result.End.Test = &train.Score{Error: 0.031}
	list[1].Result.End.Test = &train.Score{Error: 0.041}
	want := `plain, depth 1, kernel 3, relu, batch 16, momentum 0, 5 epochs, seed 1, mnist

lr    train error  validation error  test error  stuck
0.03        1.00%             2.00%       4.10%      0
0.01        1.50%             3.00%       3.10%      0

best: lr = 0.03, validation error 2.00%, test error 4.10%
`
	if d := cmp.Diff(want, text(t, g.Summarize(list))); d != "" {
		t.Error(d)
	}
}

// Ranking is total: whatever failed or is missing, the same trials give the
// same order, and only whole settings come first.
func TestSummaryRanking(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	g := grid(t, run.DefaultConfig(), "lr 0.001:0.1:log6", "seed 1..3")
	for range 200 {
		list := make([]sweep.Trial, len(g.Points))
		for i, p := range g.Points {
			list[i] = sweep.Trial{Point: p}
			switch r.IntN(6) {
			case 0:
				list[i] = ended(p, math.NaN())
			case 1: // unfinished
			default:
				list[i] = ended(p, float64(r.IntN(5))/4) // 1 is stuck
			}
		}
		s := g.Summarize(list)
		trained := func(r sweep.Row) bool { return r.Finished == len(r.Trials) && r.Trained() > 0 }
		best, ok := s.Best()
		if ok != slices.ContainsFunc(s.Rows, trained) {
			t.Fatalf("expected a best setting where one is complete and trained, got %v", ok)
		}
		for _, row := range s.Rows {
			if ok && trained(row) && (row.Trained() > best.Trained() || row.Trained() == best.Trained() && row.Measured.Mean < best.Measured.Mean) {
				t.Fatalf("expected no better setting than %v, got %v", best.Settings, row.Settings)
			}
		}
		if ok && !trained(*best) {
			t.Fatalf("expected the best setting to be complete and trained, got %+v", best)
		}
		if s.Finished+s.Failed > s.Trainings || len(s.Rows) != 6 {
			t.Fatalf("expected 6 settings of %d trainings, got %+v", len(list), s)
		}
	}
}
