package sweep_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/run"
	"gradus/sweep"
)

// axes reads axes such as "lr 0.1,0.2".
func axes(t testing.TB, texts ...string) []sweep.Axis {
	t.Helper()
	var list []sweep.Axis
	for _, text := range texts {
		name, values, _ := strings.Cut(text, " ")
		a, err := sweep.ParseAxis(name, values)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, a)
	}
	return list
}

func grid(t testing.TB, base run.Config, texts ...string) *sweep.Grid {
	t.Helper()
	g, err := sweep.NewGrid(base, axes(t, texts...))
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// The order of a grid is its own, not that of its axes.
func TestGridOrder(t *testing.T) {
	want := []string{
		"depth = 1, lr = 0.2, seed = 2", "depth = 1, lr = 0.2, seed = 1",
		"depth = 1, lr = 0.1, seed = 2", "depth = 1, lr = 0.1, seed = 1",
		"depth = 3, lr = 0.2, seed = 2", "depth = 3, lr = 0.2, seed = 1",
		"depth = 3, lr = 0.1, seed = 2", "depth = 3, lr = 0.1, seed = 1",
	}
	for _, order := range [][]string{
		{"lr 0.2,0.1", "seed 2,1", "depth 1,3"}, {"seed 2,1", "depth 1,3", "lr 0.2,0.1"},
	} {
		g := grid(t, run.DefaultConfig(), order...)
		var got []string
		for i, p := range g.Points {
			if p.Index != i {
				t.Errorf("expected index %d, got %d", i, p.Index)
			}
			got = append(got, p.Settings.String())
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
		if p := g.Points[4]; p.Config.Depth != 3 || *p.Config.LearningRate != 0.2 || p.Config.Seed != 2 || p.Config.Batch != 16 {
			t.Errorf("expected the settings in the configuration, got %+v", p.Config)
		}
	}
}

func TestGridOfOne(t *testing.T) {
	base := run.DefaultConfig()
	base.Depth = 2
	g := grid(t, base)
	if len(g.Points) != 1 || len(g.Notices) != 0 {
		t.Fatalf("expected the base alone, got %+v", g)
	}
	if d := cmp.Diff(base, g.Points[0].Config); d != "" {
		t.Error(d)
	}
}

func TestGridMergesDuplicates(t *testing.T) {
	g := grid(t, run.DefaultConfig(), "lr 0.1,0.1,0.2,1e-1", "batch 16")
	if len(g.Points) != 2 {
		t.Errorf("expected 2 trainings, got %d", len(g.Points))
	}
	if d := cmp.Diff([]string{"lr: given more than once, counted once: 0.1, 0.1"}, g.Notices); d != "" {
		t.Error(d)
	}
	g = grid(t, run.DefaultConfig(), "seed 1..7,1..7")
	if d := cmp.Diff([]string{"seed: given more than once, counted once: 1, 2, 3, 4, 5, ..."}, g.Notices); d != "" {
		t.Error(d)
	}
}

func TestGridRefuses(t *testing.T) {
	for _, test := range []struct {
		change func(*run.Config)
		axes   []string
		want   string
	}{
		{nil, []string{"seed 1..100", "lr 0.001:0.1:log100", "batch 1,2"}, "grid: expected at most 10000 trainings, got 2 x 100 x 100"},
		{nil, []string{"batch 16", "seed 1..10000", "lr 0.1,0.2"}, "grid: expected at most 10000 trainings, got 2 x 10000"},
		{nil, []string{"lr 0.1", "lr 0.2"}, "lr: expected one axis, got two"},
		{nil, []string{"kernel 3,4"}, "kernel: expected an odd size, got 4: with padding k/2 an even kernel changes the image size, so the flattened features are not the 128 the linear layer expects; use 3 or 5"},
		{nil, []string{"batch 16,0"}, "batch: expected 1 to 65536, got 0"},
		{nil, []string{"momentum 0.5,1"}, "momentum: expected 0 <= momentum < 1, got 1"},
		{func(c *run.Config) { c.Schedule = new("0.1x1") }, []string{"lr 0.1,0.2"}, "schedule: expected schedule, or lr with epochs, got both"},
		{func(c *run.Config) { c.Schedule = new("0.1x1,0x2") }, []string{"seed 1,2"}, "schedule: stage 2: lr: expected 0 < lr <= 3.4e38, got 0"},
		{func(c *run.Config) { c.Epochs = new(0) }, []string{"lr 0.1,0.2"}, "epochs: expected at least 1, got 0; untrained networks have nothing to compare"},
		{func(c *run.Config) { c.Epochs = new(2) }, []string{"seed 1,2"}, "epochs: expected lr with epochs, got epochs alone; for a schedule write 0.07x2"},
	} {
		base := run.DefaultConfig()
		if test.change != nil {
			test.change(&base)
		}
		if _, err := sweep.NewGrid(base, axes(t, test.axes...)); err == nil || err.Error() != test.want {
			t.Errorf("%v: expected the error %q, got %v", test.axes, test.want, err)
		}
	}
	if _, err := sweep.NewGrid(run.DefaultConfig(), []sweep.Axis{{Name: "lr"}}); err == nil || err.Error() != "lr: expected a value, got none" {
		t.Errorf("expected an axis without values to be refused, got %v", err)
	}
	if _, err := sweep.NewGrid(run.DefaultConfig(), []sweep.Axis{{Name: "threads", Values: []string{"1"}}}); err == nil {
		t.Error("expected an unknown axis to be refused")
	}
	if _, err := sweep.NewGrid(run.DefaultConfig(), axes(t, "net plain,dense")); err == nil || !strings.Contains(err.Error(), `got "dense"`) {
		t.Errorf("expected an unknown network to be refused, got %v", err)
	}
}

// Networks without an alpha are trained once beside those that have one.
func TestGridOfAlphas(t *testing.T) {
	g := grid(t, run.DefaultConfig(), "net residual,convex", "alpha -2,0", "seed 1,2")
	var got []string
	for _, p := range g.Points {
		got = append(got, p.Settings.String())
		if (p.Config.Alpha != nil) != (p.Config.Net == "convex") {
			t.Errorf("%v: expected an alpha for the net convex alone, got %v", p.Settings, p.Config.Alpha)
		}
	}
	want := []string{
		"net = residual, seed = 1", "net = residual, seed = 2",
		"net = convex, alpha = -2, seed = 1", "net = convex, alpha = -2, seed = 2",
		"net = convex, alpha = 0, seed = 1", "net = convex, alpha = 0, seed = 2",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{"grid: 2 of 8 trainings would be the same as others, counted once"}, g.Notices); d != "" {
		t.Error(d)
	}
	text, err := json.Marshal(g.Points[0].Settings)
	if err != nil || string(text) != `{"net":"residual","alpha":null,"seed":1}` {
		t.Errorf("expected no alpha in JSON, got %s, %v", text, err)
	}

	base := run.DefaultConfig()
	base.Net, base.Alpha, base.AlphaPerChannel = "convex", new(-1.0), true
	g = grid(t, base, "net convex,gated")
	if c := g.Points[0].Config; *c.Alpha != -1 || !c.AlphaPerChannel {
		t.Errorf("expected the base's alpha, got %+v", c)
	}
	if c := g.Points[1].Config; c.Alpha != nil || c.AlphaPerChannel {
		t.Errorf("expected no alpha, got %+v", c)
	}
	g = grid(t, base, "alpha -2,0")
	if len(g.Points) != 2 {
		t.Errorf("expected two trainings of the base's network, got %d", len(g.Points))
	}

	_, err = sweep.NewGrid(run.DefaultConfig(), axes(t, "net plain,gated", "alpha -2,0"))
	if want := "alpha: expected the net convex, got plain; no other network has an alpha"; err == nil || err.Error() != want {
		t.Errorf("expected %q, got %v", want, err)
	}
	if _, err = sweep.NewGrid(base, axes(t, "alpha 0,1000")); err == nil || !strings.HasPrefix(err.Error(), "alpha: expected -") {
		t.Errorf("expected an alpha that is too large to be refused, got %v", err)
	}
}
