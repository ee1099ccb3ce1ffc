package run_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/optim"
	"gradus/run"
	"gradus/zoo"
)

func TestCheck(t *testing.T) {
	for _, test := range []struct {
		change func(*run.Config)
		want   string // "" for a configuration that works
	}{
		{func(c *run.Config) {}, ""},
		{func(c *run.Config) { c.Batch = 65536 }, ""},
		{func(c *run.Config) { c.Batch = 0 }, "batch: expected 1 to 65536, got 0"},
		{func(c *run.Config) { c.Batch = -1 }, "batch: expected 1 to 65536, got -1"},
		{func(c *run.Config) { c.Batch = 1e12 }, "batch: expected 1 to 65536, got 1000000000000"},
		{func(c *run.Config) { c.Momentum = 1 }, "momentum: expected 0 <= momentum < 1, got 1"},
		{func(c *run.Config) { c.Momentum = math.NaN() }, "momentum: expected 0 <= momentum < 1, got NaN"},
		{func(c *run.Config) { c.Schedule = new("0.1x0") }, ""},
		{func(c *run.Config) { c.Schedule = new("0.1x2,-1x2") }, "schedule: stage 2: lr: expected 0 <= lr <= 3.4e38, got -1"},
		{func(c *run.Config) { c.Schedule = new("") }, `schedule: stage 1: expected LRxEPOCHS, got ""; for instance 0.07x2,0.01x3`},
		{func(c *run.Config) { c.LearningRate = new(0.0) }, ""},
		{func(c *run.Config) { c.LearningRate = new(math.NaN()) }, "lr: expected 0 <= lr <= 3.4e38, got NaN"},
		{func(c *run.Config) { c.LearningRate = new(1e40) }, "lr: expected 0 <= lr <= 3.4e38, got 1e+40"},
		{func(c *run.Config) { c.LearningRate, c.Epochs = new(0.1), new(-1) }, "epochs: expected at least 0, got -1"},
		{func(c *run.Config) { c.Epochs = new(3) }, "epochs: expected lr with epochs, got epochs alone; for a schedule write 0.07x3"},
		{func(c *run.Config) { c.Schedule, c.Epochs = new("0.1x1"), new(3) }, "schedule: expected schedule, or lr with epochs, got both"},
		{func(c *run.Config) { c.Data = "" }, "data: expected the name of a data set or a folder, got nothing; gradus data list has the names"},
		{func(c *run.Config) { c.Validation = -1 }, "validation: expected at least 0, got -1"},
		{func(c *run.Config) { c.Threads = -1 }, "threads: expected 0 to 256, got -1; 0 means all cores"},
		{func(c *run.Config) { c.Threads = 10_000 }, "threads: expected 0 to 256, got 10000; 0 means all cores"},
		{func(c *run.Config) { c.Net = "dense" }, `net: expected one of ` + strings.Join(zoo.Networks(), ", ") + `, got "dense"`},
		{func(c *run.Config) { c.Net, c.Alpha, c.AlphaPerChannel = "convex", new(-2.0), true }, ""},
		{func(c *run.Config) { c.Alpha = new(0.0) }, "alpha: expected the net convex, got plain; no other network has an alpha"},
		{func(c *run.Config) { c.AlphaPerChannel = true }, "alpha-per-channel: expected the net convex, got plain; no other network has an alpha"},
		{func(c *run.Config) { c.Net, c.Alpha = "convex", new(1e300) }, "alpha: expected -100 to 100, got 1e+300; sigmoid(alpha) is the weight of a block's convolution"},
		{func(c *run.Config) { c.Net, c.Alpha = "dense", new(1.0) }, `net: expected one of ` + strings.Join(zoo.Networks(), ", ") + `, got "dense"`},
		{func(c *run.Config) { c.Depth = 0 }, "depth: expected 1 to 1000, got 0"},
	} {
		c := run.DefaultConfig()
		test.change(&c)
		if err := c.Check(); err == nil && test.want != "" || err != nil && err.Error() != test.want {
			t.Errorf("%+v: expected the error %q, got %v", c, test.want, err)
		}
	}
}

func TestStages(t *testing.T) {
	for _, test := range []struct {
		config run.Config
		want   []optim.Stage
	}{
		{run.Config{}, []optim.Stage{{LearningRate: 0.07, Epochs: 2}, {LearningRate: 0.01, Epochs: 3}}},
		{run.Config{Schedule: new("0.3x2")}, []optim.Stage{{LearningRate: 0.3, Epochs: 2}}},
		{run.Config{LearningRate: new(0.0)}, []optim.Stage{{Epochs: 5}}},
		{run.Config{LearningRate: new(0.05), Epochs: new(0)}, []optim.Stage{{LearningRate: 0.05}}},
	} {
		got, err := test.config.Stages()
		if err != nil || !cmp.Equal(test.want, got) {
			t.Errorf("%+v: expected %v, got %v, %v", test.config, test.want, got, err)
		}
		again, err := test.config.Effective().Stages()
		if err != nil || !cmp.Equal(test.want, again) {
			t.Errorf("%+v: expected its effective configuration to mean %v, got %v, %v", test.config, test.want, again, err)
		}
	}
}

func TestReadConfig(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config.json")
	write := func(text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := run.DefaultConfig()
	c.Schedule = new("0.3x1")
	write(`{"depth": 3, "seed": 18446744073709551615}`)
	if err := c.ReadConfig(path); err != nil {
		t.Fatal(err)
	}
	if c.Depth != 3 || c.Seed != math.MaxUint64 || *c.Schedule != "0.3x1" || c.Batch != 16 {
		t.Errorf("expected the file over what was there, got %+v", c)
	}

	write(`{"lr": 0.5}`)
	if err := c.ReadConfig(path); err != nil {
		t.Fatal(err)
	}
	if c.Schedule != nil || c.LearningRate == nil || *c.LearningRate != 0.5 {
		t.Errorf("expected the learning rate in place of the schedule, got %+v", c)
	}

	text, err := json.Marshal(c.Effective())
	if err != nil {
		t.Fatal(err)
	}
	write(string(text))
	again := run.DefaultConfig()
	if err := again.ReadConfig(path); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(c.Effective(), again.Effective()); d != "" {
		t.Error(d)
	}

	before := c
	write("{\n\"batch\": 8,\n\"learing_rate\": 1}")
	if err := c.ReadConfig(path); err == nil || err.Error() != path+`: line 3:1: unknown key "learing_rate"; did you mean "lr"?` {
		t.Errorf("expected the unknown key to be named, got %v", err)
	}
	if d := cmp.Diff(before, c); d != "" {
		t.Errorf("expected nothing to change:\n%s", d)
	}
}

func TestReadConfigRefusesWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.json")
	if err := os.WriteFile(big, make([]byte, 1<<20+1), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		dir:                           dir + ": expected a regular file, got a directory",
		filepath.Join(dir, "no.json"): filepath.Join(dir, "no.json") + ": expected a readable file, got no such file or directory",
		big:                           big + ": expected at most 1048576 bytes, got more",
		os.DevNull:                    os.DevNull + ": expected a regular file, got a device",
	} {
		c := run.DefaultConfig()
		if err := c.ReadConfig(path); err == nil || err.Error() != want {
			t.Errorf("expected %q, got %v", want, err)
		}
	}
}
