package sweep_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/run"
	"gradus/sweep"
)

// few are sets small enough to be trained on in no time.
func few(t testing.TB) *run.Sets {
	t.Helper()
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		t.Fatal(err)
	}
	return &run.Sets{Train: sets.Train.Slice(0, 600), Test: sets.Test.Slice(0, 200)}
}

func ExampleGrid_Run() {
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		fmt.Println(err)
		return
	}
	sets.Train = sets.Train.Slice(0, 6000)
	rates, err := sweep.ParseAxis("lr", "0.003,0.03")
	if err != nil {
		fmt.Println(err)
		return
	}
	base := run.DefaultConfig()
	base.Epochs = new(2)
	grid, err := sweep.NewGrid(base, []sweep.Axis{rates})
	if err != nil {
		fmt.Println(err)
		return
	}
	trials, err := grid.Run(context.Background(), sets, sweep.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	if best, ok := grid.Summarize(trials).Best(); ok {
		fmt.Printf("%v: test error %.0f%%\n", best.Settings, 100*best.Measured.Mean)
	}
	// Output:
	// lr = 0.03: test error 11%
}

var times = regexp.MustCompile(`"(seconds|test_seconds)": [0-9.e-]+`)

// written is all that a sweep writes, without times.
func written(t *testing.T, s *sweep.Summary, trials []sweep.Trial) string {
	t.Helper()
	var b bytes.Buffer
	if err := s.WriteJSON(&b, trials); err != nil {
		t.Fatal(err)
	}
	return times.ReplaceAllString(b.String(), "") + text(t, s)
}

// The results do not depend on the number of workers, nor on which training
// ends first: those of the larger batch end long before the others.
func TestRunIsTheSameWithAnyWorkers(t *testing.T) {
	sets := few(t)
	base := run.DefaultConfig()
	base.Epochs, base.Validation = new(2), 100
	g := grid(t, base, "batch 2,300", "lr 0.01,1e30", "seed 1..3")
	var first string
	var order []int
	for _, workers := range []int{1, 2, 8, 0} {
		var ends []int
		trials, err := g.Run(t.Context(), sets, sweep.Options{Workers: workers, Observe: func(e sweep.Event) {
			if e.Finished != nil {
				ends = append(ends, e.Point.Index)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		if len(ends) != len(g.Points) {
			t.Errorf("%d workers: expected %d ends, got %v", workers, len(g.Points), ends)
		}
		s := g.Summarize(trials)
		if s.Finished != 6 || s.Failed != 6 {
			t.Errorf("%d workers: expected 6 to finish and 6 to fail, got %+v", workers, s)
		}
		got := written(t, s, trials)
		if workers == 1 {
			first, order = got, ends
			continue
		}
		if d := cmp.Diff(first, got); d != "" {
			t.Errorf("%d workers:\n%s", workers, d)
		}
	}
	if !slices.IsSorted(order) {
		t.Errorf("expected one worker to go through the grid in order, got %v", order)
	}
	if sets.Validation != nil || sets.Train.Len() != 600 {
		t.Error("expected the shared sets to stay as they were")
	}
}

func TestRunTellsWhatHappens(t *testing.T) {
	base := run.DefaultConfig()
	base.Schedule = new("0.01x2,0.001x1")
	g := grid(t, base, "seed 1..3")
	share := make([]float64, 3)
	epochs, ends := make([]int, 3), make([]int, 3)
	busy := false
	trials, err := g.Run(t.Context(), few(t), sweep.Options{Workers: 3, Observe: func(e sweep.Event) {
		if busy {
			t.Error("expected one call at a time")
		}
		busy = true
		runtime.Gosched()
		i := e.Point.Index
		if e.Share < share[i] || e.Share > 1 {
			t.Errorf("expected the share to grow to 1, got %v after %v", e.Share, share[i])
		}
		share[i] = e.Share
		if e.Epoch != nil {
			epochs[i]++
		}
		if e.Finished != nil {
			ends[i]++
			if e.Finished.State() != sweep.Finished || e.Finished.Index != i {
				t.Errorf("expected training %d to be finished, got %+v", i, e.Finished)
			}
		}
		busy = false
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range trials {
		if share[i] != 1 || epochs[i] != 3 || ends[i] != 1 {
			t.Errorf("training %d: expected three epochs and an end, got %d, %d, share %v", i, epochs[i], ends[i], share[i])
		}
		if trials[i].Result.Model != nil {
			t.Errorf("training %d: expected its network to be dropped", i)
		}
		if threads := trials[i].Result.Config.Threads; threads != 0 {
			t.Errorf("training %d: expected the threads that were asked for, 0, got %d", i, threads)
		}
	}
}

// An interruption keeps what has ended.
// H11: a mistake that shows in one training is that training's failure, and the others go on.
func TestH11TrainingPanics(t *testing.T) {
	base := run.DefaultConfig()
	base.Epochs = new(1)
	g := grid(t, base, "lr 0.01,0.02,0.03")
	trials, err := g.Run(t.Context(), few(t), sweep.Options{Workers: 2, Observe: func(e sweep.Event) {
		if e.Epoch != nil && e.Point.Index == 1 {
			panic("out of thin air")
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	for i := range trials {
		want := sweep.Finished
		if i == 1 {
			want = sweep.Failed
		}
		if got := trials[i].State(); got != want {
			t.Errorf("training %d: expected %s, got %s", i, want, got)
		}
	}
	if want := "expected to train, got an internal error: out of thin air"; trials[1].Err == nil || trials[1].Err.Error() != want {
		t.Errorf("expected %q, got %v", want, trials[1].Err)
	}
}

func TestRunInterrupted(t *testing.T) {
	base := run.DefaultConfig()
	base.Epochs = new(1)
	g := grid(t, base, "lr 0.01", "seed 1..20")
	for _, workers := range []int{1, 3} {
		ctx, cancel := context.WithCancelCause(t.Context())
		enough := errors.New("enough")
		seen := 0
		trials, err := g.Run(ctx, few(t), sweep.Options{Workers: workers, Observe: func(e sweep.Event) {
			if e.Finished != nil {
				if seen++; seen == 2 {
					cancel(enough)
				}
			}
		}})
		if err != enough {
			t.Fatalf("%d workers: expected the context's cause, got %v", workers, err)
		}
		s := g.Summarize(trials)
		if s.Finished != seen || seen < 2 || seen > 2+workers || s.Failed != 0 || s.Trainings != 20 {
			t.Errorf("%d workers: expected about two trainings, got %+v after %d", workers, s, seen)
		}
		var b bytes.Buffer
		if err := sweep.WriteCSV(&b, trials); err != nil {
			t.Fatal(err)
		}
		if rows := strings.Count(b.String(), "\n"); rows != 1+seen {
			t.Errorf("%d workers: expected a header and %d rows, got %d lines", workers, seen, rows)
		}
	}
}

// A context that is done after the last training has ended takes nothing away.
func TestRunInterruptedTooLate(t *testing.T) {
	base := run.DefaultConfig()
	base.Epochs = new(1)
	g := grid(t, base, "lr 0.01")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	trials, err := g.Run(ctx, few(t), sweep.Options{Observe: func(e sweep.Event) {
		if e.Finished != nil {
			cancel()
		}
	}})
	if err != nil || trials[0].State() != sweep.Finished {
		t.Errorf("expected a finished training, got %v, %v", trials[0].State(), err)
	}
}

// A training that learns nothing is stuck: its error stays at chance.
func TestStuck(t *testing.T) {
	base := run.DefaultConfig()
	base.Epochs = new(4)
	g := grid(t, base, "lr 1e-30,0.1", "batch 8")
	trials, err := g.Run(t.Context(), few(t), sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !trials[0].Stuck || trials[1].Stuck {
		t.Errorf("expected the first training alone to be stuck, got errors %v", []float64{
			trials[0].Result.Epochs[3].Train.Error, trials[1].Result.Epochs[3].Train.Error,
		})
	}
}

func TestFits(t *testing.T) {
	sets := few(t)
	base := run.DefaultConfig()
	base.Validation = 600
	want := "validation: MNIST train: expected 1 to 599 held-out examples of 600, got 600"
	if err := grid(t, base, "lr 0.1").Fits(sets); err == nil || err.Error() != want {
		t.Errorf("expected %q, got %v", want, err)
	}
	small := *sets.Train
	small.Shape, small.Images = [3]int{1, 4, 4}, small.Images[:16*small.Len()]
	sets.Train = &small
	if err := grid(t, run.DefaultConfig(), "kernel 3,29").Fits(sets); err == nil || !strings.HasPrefix(err.Error(), "kernel: expected at most ") {
		t.Errorf("expected a kernel that is too large for the images to be refused, got %v", err)
	}
}

func TestWriteFiles(t *testing.T) {
	base := run.DefaultConfig()
	base.Epochs = new(2)
	g := grid(t, base, "lr 0.01,0.1,1e30", "seed 1,2")
	trials, err := g.Run(t.Context(), few(t), sweep.Options{})
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := g.Summarize(trials).WriteFiles(dir, trials); err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{"results.csv", "results.json", "test-error.png", "test-error.svg", "train-error.png", "train-error.svg"}
	if d := cmp.Diff(want, names); d != "" {
		t.Error(d)
	}
	f, err := os.Open(dir + "/results.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil || len(rows) != 7 {
		t.Fatalf("expected a header and 6 rows, got %d, %v", len(rows), err)
	}
	if d := cmp.Diff(sweep.CSVHeader(), rows[0]); d != "" {
		t.Error(d)
	}
	svg, err := os.ReadFile(dir + "/test-error.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"lr 0.01", "lr 0.1", "batch 16", "epoch", "%"} {
		if !bytes.Contains(svg, []byte(part)) {
			t.Errorf("test-error.svg: expected %q in it", part)
		}
	}
	if bytes.Contains(svg, []byte("1e+30")) {
		t.Error("test-error.svg: expected no line for what failed")
	}
}

func TestCharts(t *testing.T) {
	g := grid(t, run.DefaultConfig(), "lr 0.03,0.01", "seed 1,2")
	training, measured, ok := g.Summarize(trials(g, 0.2, 0.4, 0.1, 0.1)).Charts()
	if !ok {
		t.Fatal("expected charts")
	}
	if want := "Test error: plain, depth 1, kernel 3, relu, batch 16, momentum 0, 5 epochs, 2 seeds, mnist; bands of one standard deviation"; measured.Title != want {
		t.Errorf("expected the title %q, got %q", want, measured.Title)
	}
	if training.Y != "training error" || measured.Y != "test error" || !measured.Percent {
		t.Errorf("expected errors in percent, got %q and %q", training.Y, measured.Y)
	}
	if len(measured.Series) != 2 || measured.Series[0].Name != "lr 0.03" || measured.Series[1].Name != "lr 0.01" {
		t.Fatalf("expected a line per setting in the grid's order, got %+v", measured.Series)
	}
	line := measured.Series[0]
	if d := cmp.Diff([]float64{1, 2}, line.X); d != "" {
		t.Error(d)
	}
	if mean := line.Mean[1]; mean < 0.3-1e-15 || mean > 0.3+1e-15 {
		t.Errorf("expected the mean over the seeds, 0.3, got %v", mean)
	}
	if width := line.High[1] - line.Low[1]; width < 0.28 || width > 0.29 { // 2 x 0.1414
		t.Errorf("expected a band of a standard deviation to either side, got %v", width)
	}

	g = grid(t, run.DefaultConfig(), "lr 0.001:0.1:log20")
	var list []float64
	for i := range 20 {
		list = append(list, 1-float64(i)/20)
	}
	_, measured, _ = g.Summarize(trials(g, list...)).Charts()
	if len(measured.Series) != 12 || measured.Series[11].Name != "lr 0.1" || measured.Series[0].Low != nil {
		t.Errorf("expected the 12 best without bands, got %d", len(measured.Series))
	}
	if !strings.HasSuffix(measured.Title, "; the best 12 of 20 settings") {
		t.Errorf("expected the title to say what is left out, got %q", measured.Title)
	}
	if _, _, ok := g.Summarize(trials(g)).Charts(); ok {
		t.Error("expected no charts of nothing")
	}
}
