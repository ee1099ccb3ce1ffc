package reproduce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/report"
)

// Every experiment can be trained: its settings pass, and names are unique.
func TestExperiments(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range Experiments() {
		if seen[e.ID] || e.Title == "" || e.Question == "" || len(e.Cases) == 0 {
			t.Errorf("%s: expected one experiment of that name, with title, question and cases", e.ID)
		}
		seen[e.ID] = true
		chosen := false
		for _, c := range e.Cases {
			if err := c.Config.Check(); err != nil {
				t.Errorf("%s: %v", e.ID, err)
			}
			chosen = chosen || CaseResult{Config: c.Config}.rate() == e.NotebookBest
		}
		if e.Rate != chosen {
			t.Errorf("%s: expected the notebook's rate among the cases of a sweep", e.ID)
		}
	}
}

func TestNewPlan(t *testing.T) {
	for _, test := range []struct {
		only  []string
		seeds int
		want  string // an error, or the number of trainings
	}{
		{nil, 1, "16"},
		{[]string{"d", "a"}, 3, "15"},
		{[]string{"x"}, 1, `only: expected some of a,b,c,d,e,f,g,h,i,j, got "x"`},
		{[]string{"a", ""}, 1, `only: expected some of a,b,c,d,e,f,g,h,i,j, got ""`},
		{nil, 0, "seeds: expected 1 to 1000, got 0"},
		{nil, 1001, "seeds: expected 1 to 1000, got 1001"},
	} {
		p, err := NewPlan(test.only, test.seeds)
		got := ""
		if err != nil {
			got = err.Error()
		} else {
			grid, _ := p.grid()
			got = fmt.Sprint(len(grid.Points))
		}
		if got != test.want {
			t.Errorf("%v, %d: expected %s, got %s", test.only, test.seeds, test.want, got)
		}
	}
}

// timeless takes the times out of results.
func timeless(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	var walk func(v any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			delete(v, "seconds")
			delete(v, "test_seconds")
			delete(v, "workers")
			for _, w := range v {
				walk(w)
			}
		case []any:
			for _, w := range v {
				walk(w)
			}
		}
	}
	walk(v)
	text, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// The same plan gives the same numbers, however many trainings run at a time.
func TestWorkersChangeNothing(t *testing.T) {
	sets := few(t)
	results := func(workers int) string {
		text, err := quick(t, sets, 2, workers, "a", "d", "h", "j").JSON()
		if err != nil {
			t.Fatal(err)
		}
		return timeless(t, text)
	}
	one := results(1)
	if d := cmp.Diff(one, results(3)); d != "" {
		t.Errorf("three workers against one:\n%s", d)
	}
	study := func(workers int) string {
		text, err := quickStudy(t, sets, workers).JSON()
		if err != nil {
			t.Fatal(err)
		}
		return timeless(t, text)
	}
	if d := cmp.Diff(study(1), study(2)); d != "" {
		t.Errorf("study, two workers against one:\n%s", d)
	}
}

// Lines are those of the notebook, in the order of the experiments.
func TestLines(t *testing.T) {
	p, err := NewPlan([]string{"a", "f"}, 2)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.shorten(1); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	shares := []float64{}
	r, err := p.Run(t.Context(), few(t), Options{Workers: 3, Lines: &got, Progress: func(done float64) { shares = append(shares, done) }})
	if err != nil {
		t.Fatal(err)
	}
	var want strings.Builder
	for i, e := range r.Experiments {
		if i > 0 {
			want.WriteString("\n")
		}
		want.WriteString([]string{"a: plain, depth 1\n", "f: plain, depth 3\n"}[i])
		for j, one := range e.Cases[0].Runs {
			if j > 0 {
				want.WriteString("\n")
			}
			fmt.Fprintf(&want, "seed %d\n", one.Seed)
			for k, epoch := range one.Epochs {
				if k > 0 {
					want.WriteString("\n")
				}
				want.WriteString(report.StageLine(epoch.Batch, epoch.LearningRate, epoch.Momentum) + "\n")
				want.WriteString(report.EpochLine(1, 1, epoch.TrainError, "Test", *epoch.TestError) + "\n")
			}
		}
	}
	if d := cmp.Diff(want.String(), got.String()); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
	if !slices.IsSorted(shares) || len(shares) == 0 || shares[len(shares)-1] < 0.999 || shares[len(shares)-1] > 1.001 {
		t.Errorf("expected shares that grow to 1, got %v", shares)
	}
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("no room") }

// Lines that cannot be written end everything.
func TestLinesThatCannotBeWritten(t *testing.T) {
	p, err := NewPlan([]string{"a"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.Run(t.Context(), few(t), Options{Lines: broken{}}); err == nil || err.Error() != "no room" {
		t.Errorf("expected the writer's error, got %v", err)
	}
}

// found are results of either kind.
type found interface {
	Files() (Files, error)
	Part() *Partial
}

// What had ended when the trainings were stopped is a report as well, and says so.
func TestPartial(t *testing.T) {
	sets := few(t)
	for name, run := range map[string]func(context.Context, Options) (found, error){
		"experiments": func(ctx context.Context, o Options) (found, error) {
			p, err := NewPlan([]string{"a", "d", "j"}, 1)
			if err != nil {
				t.Fatal(err)
			}
			return p.Run(ctx, sets, o)
		},
		"study": func(ctx context.Context, o Options) (found, error) {
			s := &Study{Alphas: []float64{-2, 0}, Rates: []float64{0.1}, Momenta: []float64{0, 0.9}, Batch: 64, Epochs: 1, Seeds: []uint64{1}}
			return s.Run(ctx, sets, o)
		},
	} {
		ctx, stop := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		got, err := run(ctx, Options{Workers: 1, Progress: func(done float64) {
			if done > 0.4 {
				stop(enough)
			}
		}})
		if !errors.Is(err, enough) {
			t.Fatalf("%s: expected %v, got %v", name, enough, err)
		}
		part := got.Part()
		if part == nil || part.Ended == 0 || part.Ended >= part.Of {
			t.Fatalf("%s: expected a part of the trainings, got %+v", name, part)
		}
		files, err := got.Files()
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range []string{"report.html", "report.md"} {
			if !strings.Contains(string(files[file]), part.String()) {
				t.Errorf("%s, %s: expected %q, got none", name, file, part)
			}
		}
		checkPage(t, files)
	}
}

// Where nothing had ended there are no results.
func TestStopped(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	p, err := NewPlan([]string{"a"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := p.Run(ctx, few(t), Options{}); r != nil || !errors.Is(err, context.Canceled) {
		t.Errorf("expected no results, got %v, %v", r, err)
	}
}

// A closer look agrees with the evaluation of the same network.
func TestInspection(t *testing.T) {
	sets := few(t)
	r := quick(t, sets, 1, 2, "a", "h", "j")
	if r.Best == nil {
		t.Fatal("expected a best network, got none")
	}
	right, all := 0, 0
	for i, row := range r.Best.Confusion {
		for j, n := range row {
			all += n
			if i == j {
				right += n
			}
		}
	}
	n := sets.Test.Len()
	if all != n || all-right != r.Best.Wrong || float64(r.Best.Wrong)/float64(n) != r.Best.TestError {
		t.Errorf("expected %d images, %v of them wrong, got %d, %d and %d", n, r.Best.TestError, all, all-right, r.Best.Wrong)
	}
	for i, m := range r.Best.Mistakes {
		if m.True != int(sets.Test.Labels[m.Index]) || m.True == m.Predicted || m.Probability < m.TrueShare ||
			i > 0 && m.Probability > r.Best.Mistakes[i-1].Probability {
			t.Errorf("mistake %d: expected the most confident ones first, got %+v", i, m)
		}
	}
	if h, ok := r.find("h"); ok && h.Cases[0].Stuck == 0 {
		checkGates(t, r.Gates, n)
	}
	j, _ := r.find("j")
	var blocks []string
	for _, a := range j.Cases[0].Runs[0].Alphas {
		blocks = append(blocks, a.Block)
		if a.Halves != (len(blocks)%3 == 0) {
			t.Errorf("%s: expected every third block to halve the image, got %v", a.Block, a.Halves)
		}
		if len(a.Weights) != 1 || a.Weights[0] <= 0 || a.Weights[0] >= 1 {
			t.Errorf("%s: expected a weight between 0 and 1, got %v", a.Block, a.Weights)
		}
	}
	if d := cmp.Diff(blocksOfDepth3, blocks); d != "" {
		t.Errorf("blocks (-want +got):\n%s", d)
	}
}

var blocksOfDepth3 = []string{
	"1: 4→4, 14x14", "2: 4→4, 14x14", "3: 4→8, 7x7", "4: 8→8, 7x7", "5: 8→8, 7x7", "6: 8→16, 4x4",
	"7: 16→16, 4x4", "8: 16→16, 4x4", "9: 16→32, 2x2",
}

func checkGates(t *testing.T, g *Gates, images int) {
	t.Helper()
	if g == nil {
		t.Fatal("expected gates, got none")
	}
	var blocks []string
	sizes := []int{784, 784, 392, 392, 392, 256, 256, 256, 128}
	for i, b := range g.Blocks {
		blocks = append(blocks, b.Block)
		sum := 0
		for _, n := range b.Bins {
			sum += n
		}
		if i < len(sizes) && sum != sizes[i]*images || b.Mean <= 0 || b.Mean >= 1 || b.Closed+b.Open > 1 {
			t.Errorf("%s: expected %d gates, got %d with mean %v", b.Block, sizes[i]*images, sum, b.Mean)
		}
	}
	if d := cmp.Diff(blocksOfDepth3, blocks); d != "" {
		t.Errorf("blocks (-want +got):\n%s", d)
	}
}

// A training that fails is shown, and the others go on.
func TestFailure(t *testing.T) {
	p, err := NewPlan([]string{"a", "c"}, 1)
	if err != nil {
		t.Fatal(err)
	}
	p.Experiments[1].Cases[0].Config.Schedule = new("1e30x2")
	r, err := p.Run(t.Context(), few(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	c, _ := r.find("c")
	if one := c.Cases[0].Runs[0]; one.Outcome != Failed || !strings.Contains(one.Error, "a smaller learning rate may help") || c.Cases[0].Failed != 1 {
		t.Errorf("expected a run that failed, got %+v", one)
	}
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"report.html", "report.md"} {
		if !strings.Contains(string(files[name]), "eed 1 failed: stage 1, epoch ") {
			t.Errorf("%s: expected the failure, got none", name)
		}
	}
}

// The settings of the study pass and are all different.
func TestStudySettings(t *testing.T) {
	s, err := NewConvexStudy(2)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, c := range s.configs() {
		if err := c.Check(); err != nil {
			t.Error(err)
		}
		text, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if seen[string(text)] {
			t.Errorf("expected settings once, got twice %s", text)
		}
		seen[string(text)] = true
	}
	if want := (2*len(s.Alphas) + 2) * len(s.Rates) * len(s.Momenta); len(seen) != want {
		t.Errorf("expected %d settings, got %d", want, len(seen))
	}
}
