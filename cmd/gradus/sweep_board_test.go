package main

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/vbauerster/cupwriter"

	"gradus/run"
	"gradus/sweep"
	"gradus/train"
)

func testBoard(t *testing.T, lr, seed string) *board {
	t.Helper()
	var axes []sweep.Axis
	for name, text := range map[string]string{"lr": lr, "seed": seed} {
		a, err := sweep.ParseAxis(name, text)
		if err != nil {
			t.Fatal(err)
		}
		axes = append(axes, a)
	}
	g, err := sweep.NewGrid(run.DefaultConfig(), axes)
	if err != nil {
		t.Fatal(err)
	}
	return newBoard(g)
}

func (b *board) begins(i int, at time.Duration) { b.see(sweep.Event{Point: &b.grid.Points[i]}, at) }

func (b *board) ends(i int, testError float64) {
	e := train.Epoch{Stage: 1, Epoch: 1, Train: train.Score{Error: 2 * testError}, Test: train.Score{Error: testError}}
	p := &b.grid.Points[i]
	b.see(sweep.Event{Point: p, Share: 1, Epoch: &e}, 0)
	b.see(sweep.Event{Point: p, Share: 1, Finished: &sweep.Trial{
		Point: *p, Seconds: 4.12, Result: &run.Result{Config: p.Config, Epochs: []train.Epoch{e}, End: &run.End{}},
	}}, 0)
}

func TestBoard(t *testing.T) {
	b := testBoard(t, "0.01,0.1", "1,2")
	second := time.Second
	b.begins(0, 0)
	b.begins(1, second)
	want := []string{
		"0 of 4 trainings ended",
		"lr    seed  train error  test error",
		"0.01  1                              [>-----------]  0%",
		"0.01  2                              [>-----------]  0%",
		"0.1   1",
		"0.1   2",
	}
	if d := cmp.Diff(want, b.frame(second, 24)); d != "" {
		t.Error(d)
	}

	b.ends(0, 0.03)
	b.begins(2, 4*second)
	b.see(sweep.Event{Point: &b.grid.Points[1], Share: 0.5}, 5*second)
	want = []string{
		"1 of 4 trainings ended, ETA 10s", // a training and a half of four took 6 s
		"lr    seed  train error  test error",
		"0.01  1           6.00%       3.00%  4.1s",
		"0.01  2                              [======>-----] 50%, ETA 5s",
		"0.1   1                              [>-----------]  0%",
		"0.1   2",
		"best so far: lr = 0.01, test error 3.00% (1 of 2 trained)",
	}
	if d := cmp.Diff(want, b.frame(6*second, 24)); d != "" {
		t.Error(d)
	}
	if lines := b.frame(6*second, 3); len(lines) > 3 {
		t.Errorf("expected at most 3 lines, got %q", lines)
	}
}

// A small terminal shows what runs, wherever it is, and what ended last.
func TestBoardWindow(t *testing.T) {
	b := testBoard(t, "0.01", "1..50")
	for i := range 30 {
		b.begins(i, 0)
		if i != 3 && i < 28 {
			b.ends(i, 0.1)
		}
	}
	if d := cmp.Diff([]int{3, 24, 25, 26, 27, 28, 29}, b.window(7)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]int{28, 29}, b.window(2)); d != "" {
		t.Error(d)
	}
	if got := b.window(60); len(got) != 50 {
		t.Errorf("expected all 50 rows, got %v", got)
	}
}

func TestCut(t *testing.T) {
	for _, test := range []struct {
		line  string
		width int
		want  string
	}{{"abc", 3, "abc"}, {"abcd", 3, "abc"}, {"äöü", 2, "äö"}, {"abc", 0, "abc"}} {
		if got := cut(test.line, test.width); got != test.want {
			t.Errorf("%q in %d columns: expected %q, got %q", test.line, test.width, test.want, got)
		}
	}
}

func TestSeconds(t *testing.T) {
	for s, want := range map[float64]string{0.004: "4ms", 0.3: "300ms", 4.12: "4.1s", 12.6: "13s", 80: "1m20s"} {
		if got := seconds(s); got != want {
			t.Errorf("%v: expected %s, got %s", s, want, got)
		}
	}
}

// The table is taken away from the left edge on, wherever the cursor has got to,
// and drawn again below what was written.
func TestLiveMakesRoom(t *testing.T) {
	var terminal strings.Builder
	l := &live{out: cupwriter.New(&terminal, true)}
	l.out.WriteString("table\n")
	if err := l.out.Flush(1); err != nil {
		t.Fatal(err)
	}
	write := func() error { terminal.WriteString("result\n"); return nil }
	for range 2 {
		if err := l.aside(write); err != nil {
			t.Fatal(err)
		}
	}
	if want := "table\n\r\x1b[1A\x1b[Jresult\nresult\n"; terminal.String() != want {
		t.Errorf("expected %q, got %q", want, terminal.String())
	}
}
