package run

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/data"
	"gradus/device"
	"gradus/diagnose"
	"gradus/random"
	"gradus/train"
)

// Settings that cannot work are refused before anything is made.
func TestSettings(t *testing.T) {
	for _, test := range []struct {
		row    string
		change func(*Config)
		want   string // "" for one that works
	}{
		{"F1 lr 0", func(c *Config) { c.LearningRate = new(0.0) }, ""},
		{"F2 negative", func(c *Config) { c.LearningRate = new(-0.1) }, "lr: expected 0 <= lr <= 3.4e38, got -0.1"},
		{"F2 NaN", func(c *Config) { c.LearningRate = new(math.NaN()) }, "lr: expected 0 <= lr <= 3.4e38, got NaN"},
		{"F2 Inf", func(c *Config) { c.LearningRate = new(math.Inf(1)) }, "lr: expected 0 <= lr <= 3.4e38, got +Inf"},
		{"F2 overflow", func(c *Config) { c.LearningRate = new(1e40) }, "lr: expected 0 <= lr <= 3.4e38, got 1e+40"},
		{"F3 negative", func(c *Config) { c.Momentum = -0.5 }, "momentum: expected 0 <= momentum < 1, got -0.5"},
		{"F3 one", func(c *Config) { c.Momentum = 1 }, "momentum: expected 0 <= momentum < 1, got 1"},
		{"F4 zero", func(c *Config) { c.Batch = 0 }, "batch: expected 1 to 65536, got 0"},
		{"F4 negative", func(c *Config) { c.Batch = -1 }, "batch: expected 1 to 65536, got -1"},
		{"F4 huge", func(c *Config) { c.Batch = 1e12 }, "batch: expected 1 to 65536, got 1000000000000"},
		{"F7 none", func(c *Config) { c.LearningRate, c.Epochs = new(0.1), new(0) }, ""},
		{"F7 negative", func(c *Config) { c.LearningRate, c.Epochs = new(0.1), new(-1) }, "epochs: expected at least 0, got -1"},
		{"F11 no room", func(c *Config) { c.Kernel = 31 }, "kernel: expected at most 29 for images of 28x28, got 31"},
		{"F13 too large", func(c *Config) { c.Depth, c.Kernel = 1000, 29 }, "net: expected at most 268435456 weights, 3 GiB in training, got about 282862260, 3.2 GiB; use a smaller depth or kernel"},
		{"F14 zero", func(c *Config) { c.Seed = 0 }, ""},
		{"F14 largest", func(c *Config) { c.Seed = math.MaxUint64 }, ""},
		{"F15 automatic", func(c *Config) { c.Threads = 0 }, ""},
		{"F15 negative", func(c *Config) { c.Threads = -1 }, "threads: expected 0 to 256, got -1; 0 means all cores"},
		{"F15 many", func(c *Config) { c.Threads = 10_000 }, "threads: expected 0 to 256, got 10000; 0 means all cores"},
	} {
		t.Run(test.row, func(t *testing.T) {
			c := DefaultConfig()
			test.change(&c)
			_, err := NewTraining(c, small(t), TrainOptions{})
			if err == nil && test.want != "" || err != nil && err.Error() != test.want {
				t.Errorf("expected the error %q, got %v", test.want, err)
			}
		})
	}
}

// F8, F9: the file of a run is read as strictly as a file of settings.
func TestF08F09ConfigFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, ConfigFile)
	for text, want := range map[string]string{
		"{\"format\": 1,\n\"settings\": {\"learing_rate\": 1}}": `line 2:14: unknown key "learing_rate"; did you mean "lr"?`,
		`{"format": 1, "format": 1}`:                            `line 1:15: duplicate key "format"`,
		`{"format": 1, "settings": {"depth": "3"}}`:             `line 1:37: depth: expected a whole number, got the string "3"`,
		`{"format": 1, "settings": 3}`:                          `line 1:27: expected {, got 3`,
		`{"format": 1,}`:                                        `line 1:14: expected more behind the comma, got '}'; remove the comma`,
		"":                                                      "line 1:1: expected {, got the end of the text",
		"\ufeff{}":                                              "line 1:1: expected {, got a byte order mark; save the file as UTF-8 without it",
		"{\x00}":                                                `line 1:2: expected a key in quotes, got '\x00'`,
	} {
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); err == nil || err.Error() != path+": "+want {
			t.Errorf("%q: expected %s, got %v", text, want, err)
		}
	}
}

// Whatever config.json holds, reading it neither panics nor takes it for
// settings that cannot work.
func FuzzParseAbout(f *testing.F) {
	about, err := newAbout(DefaultConfig(), &Sets{Train: &data.Set{}, Test: &data.Set{}}, Saving{"1ep", 3}).text()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(about)
	for _, text := range []string{"", "{}", `{"format":1}`, `{"format":1e0,"settings":{"batch":-1}}`, `{"format":1,"settings":{"schedule":"0.1x2"},"checkpoint":{"every":"0ep"}}`, "\ufeff{}", `{"format":99999999999999999999}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		about, err := parseAbout(text)
		if err != nil {
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("expected one line, got %q", err)
			}
			return
		}
		if err := about.Settings.Check(); err != nil {
			t.Errorf("expected settings that work, got %v", err)
		}
	})
}

// Intervals are read back as they are written, and nothing else is one.
func FuzzParseInterval(f *testing.F) {
	for _, text := range []string{"1ep", "500steps", "0ep", "-1ep", "ep", "1 ep", "01ep", "+1steps", "1e3steps", "99999999999999999999ep"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		i, err := ParseInterval(text)
		if err != nil {
			return
		}
		again, err := ParseInterval(i.String())
		if err != nil || again != i || i.Epochs < 0 || i.Steps < 0 || i.Epochs+i.Steps < 1 {
			t.Errorf("%q: expected an interval that reads back, got %+v, %v", text, again, err)
		}
	})
}

// F5: a batch larger than the data is one short step.
func TestF05BatchLargerThanTheData(t *testing.T) {
	c := DefaultConfig()
	c.Batch, c.Schedule = 1000, new("0.1x2")
	r, err := c.Train(t.Context(), small(t), TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c.Batch = 100
	whole, err := c.Train(t.Context(), small(t), TrainOptions{})
	if err != nil || math.Abs(r.Epochs[1].Train.Loss-whole.Epochs[1].Train.Loss) > 1e-6 { // sums are trees of the batch's size
		t.Errorf("expected what a batch of all 100 samples gives, %+v, got %+v, %v", whole.Epochs[1].Train, r.Epochs[1].Train, err)
	}
}

// changed are the small sets with something done to the images and labels to
// train on.
func changed(t *testing.T, n int, change func(*data.Set)) *Sets {
	t.Helper()
	sets, err := OpenSets(MNIST)
	if err != nil {
		t.Fatal(err)
	}
	set := *sets.Train.Slice(0, n)
	set.Images, set.Labels = append([]byte{}, set.Images...), append([]int32{}, set.Labels...)
	change(&set)
	return &Sets{Train: &set, Test: sets.Test.Slice(0, 500)}
}

// watched trains a network and collects what is said of it.
func watched(t *testing.T, c Config, sets *Sets) ([]train.Epoch, string) {
	t.Helper()
	training, err := NewTraining(c, sets, TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	watch := diagnose.NewWatch(training.Sets.Train, training.Sets.Evaluated(), c.Batch)
	var epochs []train.Epoch
	var lines []string
	err = training.Run(t.Context(), func(e train.Epoch, end *End) error {
		epochs = append(epochs, e)
		for _, w := range watch.Epoch(e, end != nil) {
			lines = append(lines, w.String())
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	layers, err := diagnose.DeadUnits(training.Model, sets.Train, diagnose.DeadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range diagnose.Dead(layers) {
		lines = append(lines, w.String())
	}
	return epochs, strings.Join(lines, "\n")
}

// G3: images are bytes, so none can be NaN; what comes nearest is a standard
// deviation that blows them up. The first update is the last one.
func TestG03ExtremeInput(t *testing.T) {
	sets := changed(t, 100, func(s *data.Set) { s.Std = 1e-38 })
	c := DefaultConfig()
	_, err := c.Train(t.Context(), sets, TrainOptions{})
	if nf := (*device.NonFiniteError)(nil); !errors.As(err, &nf) || nf.Step > 1 {
		t.Errorf("expected a number that is not finite in the first steps, got %v", err)
	}
}

// G4: a loss that grows out of all proportion is warned of, once, in its epoch.
func TestG04Diverged(t *testing.T) {
	watch := diagnose.NewWatch(small(t).Train, small(t).Test, 16)
	for _, test := range []struct {
		loss float64
		want string
	}{
		{2, ""}, {0.5, ""}, {0.9, ""}, {5.1, "diverging: training loss 5.1 in epoch 4, 0.5 in epoch 2; try a smaller learning rate, or less momentum"}, {6, ""},
	} {
		got := ""
		for _, w := range watch.Epoch(train.Epoch{Train: train.Score{Loss: test.loss}}, false) {
			got += w.String()
		}
		if got != test.want {
			t.Errorf("loss %v: expected %q, got %q", test.loss, test.want, got)
		}
	}
}

// G5, G7: with shuffled labels there is nothing to learn but chance, and a warning
// says so.
func TestG05G07ShuffledLabels(t *testing.T) {
	sets := changed(t, 2000, func(s *data.Set) {
		order := make([]int32, s.Len())
		random.New(1, "labels").Perm(order)
		labels := append([]int32{}, s.Labels...)
		for i, from := range order {
			s.Labels[i] = labels[from]
		}
	})
	c := DefaultConfig()
	c.Schedule = new("0.01x4")
	epochs, said := watched(t, c, sets)
	if e := epochs[3].Test.Error; e < 0.8 || e > 0.97 {
		t.Errorf("expected errors at chance, got %v", e)
	}
	if !strings.Contains(said, "stuck at chance: training error ") {
		t.Errorf("expected a warning, got %q", said)
	}
	c.Schedule = new("0.1x4")
	if _, said := watched(t, c, changed(t, 2000, func(*data.Set) {})); said != "" {
		t.Errorf("expected no warning of a training that learns, got %q", said)
	}
}

// G6: a learning rate that is far too large kills layers; the warning names them.
func TestG06DeadReLU(t *testing.T) {
	c := DefaultConfig()
	c.Schedule = new("3x2")
	if _, said := watched(t, c, changed(t, 2000, func(*data.Set) {})); !strings.Contains(said, "dead units, 0 for every sample: ") || !strings.Contains(said, " in layer g.") {
		t.Errorf("expected a warning that names a layer, got %q", said)
	}
}

// G8: images without any variation give finite numbers: normalisation uses
// constants of the data set, never a standard deviation of 0.
func TestG08ConstantImages(t *testing.T) {
	for _, pixel := range []byte{0, 33, 255} {
		sets := changed(t, 100, func(s *data.Set) {
			for i := range s.Images {
				s.Images[i] = pixel
			}
		})
		c := DefaultConfig()
		c.Schedule = new("0.01x2")
		if _, err := c.Train(t.Context(), sets, TrainOptions{}); err != nil {
			t.Errorf("pixels of %d: expected finite numbers, got %v", pixel, err)
		}
	}
}

// G13: two epochs with a recorder, on several threads; the race detector looks
// at it where it is on.
func TestG13TwoEpochs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := brief()
	c.Schedule, c.Threads, c.Batch = new("0.1x2"), 4, 64
	if err := record(t, newRun(t, dir, c, often), c, stop{}); err != nil {
		t.Fatal(err)
	}
}

// F14: seeds at the ends of their range give runs, each its own.
func TestF14Seeds(t *testing.T) {
	seen := map[string]uint64{}
	for _, seed := range []uint64{0, 1, 1<<63 - 1, 1 << 63, math.MaxUint64} {
		c := brief()
		c.Seed, c.Schedule = seed, new("0.1x1")
		r, err := c.Train(t.Context(), small(t), TrainOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if other, ok := seen[r.End.Weights]; ok {
			t.Errorf("expected other weights for seed %d than for %d, got the same", seed, other)
		}
		seen[r.End.Weights] = seed
	}
}
