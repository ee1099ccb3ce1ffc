package run

import (
	"errors"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gradus/device"
	"gradus/internal/atomicfile"
	"gradus/run/checkpoint"
)

// refusing is a disk on which files cannot be made while refuse says so.
type refusing struct {
	atomicfile.Disk
	refuse func(path string) error
}

func (r refusing) Create(path string, mode fs.FileMode) (atomicfile.File, error) {
	if err := r.refuse(path); err != nil {
		return nil, err
	}
	return r.Disk.Create(path, mode)
}

// D1: a save that fails is a warning and the next one another try; the third in
// a row ends the training.
func TestD01Policy(t *testing.T) {
	for _, test := range []struct {
		name     string
		fails    func(save int) bool
		warnings int
		ends     bool
	}{
		{"none", func(int) bool { return false }, 0, false},
		{"two in a row", func(n int) bool { return n == 2 || n == 3 }, 2, false},
		{"every second", func(n int) bool { return n%2 == 0 }, 2, false},
		{"three in a row", func(n int) bool { return n >= 2 }, 2, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			saves, last := 0, ""
			var warnings []string
			o := NewOptions{Keep: 10, RecorderOptions: RecorderOptions{
				Saved: func(_ int, path string) { last = path },
				Warn:  func(text string) { warnings = append(warnings, text) },
				fs: refusing{refuse: func(path string) error {
					if strings.Contains(path, "step-") {
						if saves++; test.fails(saves) {
							return syscall.ENOSPC
						}
					}
					return nil
				}},
			}}
			err := record(t, newRun(t, dir, brief(), o), brief(), stop{})
			if test.ends != (err != nil) || err != nil && !strings.Contains(err.Error(), "no space left on device") {
				t.Errorf("expected the training to end: %v, got %v", test.ends, err)
			}
			if len(warnings) != test.warnings {
				t.Errorf("expected %d warnings, got %q", test.warnings, warnings)
			}
			for _, w := range warnings {
				if !strings.Contains(w, "bytes are needed") || strings.Contains(w, "\n") { // D4
					t.Errorf("expected a line with the bytes that are needed, got %q", w)
				}
			}
			if _, err := checkpoint.Read(last); err != nil {
				t.Errorf("expected the last announced checkpoint to be whole, got %v", err)
			}
			if err == nil && last != checkpoint.Path(dir, 28) {
				t.Errorf("expected the end to be saved, got %s", last)
			}
		})
	}
}

// D6: the directory goes away while training: one line, no panic, no hang.
func TestD06DirectoryRemoved(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := newRun(t, dir, brief(), NewOptions{})
	if err := os.RemoveAll(dir); err != nil {
		t.Skip("a folder in use cannot be removed here:", err)
	}
	training, err := NewTraining(brief(), small(t), TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	training.Keep(r)
	err = training.Run(t.Context(), nil)
	if err == nil || !strings.HasPrefix(err.Error(), checkpoint.Path(dir, 0)) || strings.Contains(err.Error(), "\n") {
		t.Errorf("expected a line that names the file, got %v", err)
	}
	r.Close()
}

// G1, G2: numbers that are not finite end a training before the update, and the
// error says which checkpoint is the last good one.
func TestG01NonFiniteKeepsTheLastGoodCheckpoint(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := brief()
	c.Schedule = new("0.1x1,1e30x1")
	err := record(t, newRun(t, dir, c, often), c, stop{})
	saved, nf := (*SavedError)(nil), (*device.NonFiniteError)(nil)
	if !errors.As(err, &saved) || !errors.As(err, &nf) {
		t.Fatalf("expected a number that is not finite, got %v", err)
	}
	found, err := checkpoint.Read(saved.Path)
	if err != nil || found.Steps != saved.Step || saved.Step < 7 || saved.Step > 7+nf.Step {
		t.Errorf("expected a checkpoint of the steps before, got step %d, %v", saved.Step, err)
	}
	for _, p := range found.Weights {
		for _, v := range p.Tensor.Data {
			if v-v != 0 {
				t.Fatalf("expected finite weights, got %v in %s", v, p.Name)
			}
		}
	}
}

// C14: weights that are not finite are not trained on unless that is wanted.
func TestC14NonFiniteWeights(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{steps: 10}); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	c, _, err := checkpoint.Newest(dir)
	if err != nil {
		t.Fatal(err)
	}
	c.Weights[0].Tensor.Data[17] = float32(math.NaN())
	store := checkpoint.NewStore(dir, atomicfile.Disk{}, 100, nil)
	if err := store.Save(c, nil); err != nil {
		t.Fatal(err)
	}
	want := checkpoint.Path(dir, 10) + ": expected finite weights, got f.weight[17] = NaN; --allow-nonfinite goes on with them"
	if _, err := Resume(openRun(t, dir), small(t), ResumeOptions{Config: brief()}); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	r := resume(t, dir, ResumeOptions{AllowNonFinite: true})
	if err := record(t, r, brief(), stop{}); err == nil {
		t.Error("expected the first step to find the NaN, got none")
	}
}

// F7: no epochs: the run is the initial checkpoint.
func TestF07NoEpochs(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := brief()
	c.Schedule = new("0.1x0")
	if err := record(t, newRun(t, dir, c, NewOptions{}), c, stop{}); err != nil {
		t.Fatal(err)
	}
	if steps, finished, err := openRun(t, dir).Finished(); steps != 0 || !finished || err != nil {
		t.Errorf("expected to be finished at step 0, got %d, %v, %v", steps, finished, err)
	}
}

// F1: at a learning rate of 0 the weights are what they were.
func TestF01NoLearning(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	c := brief()
	c.Schedule = new("0x1")
	if err := record(t, newRun(t, dir, c, NewOptions{}), c, stop{}); err != nil {
		t.Fatal(err)
	}
	first, err := checkpoint.Read(checkpoint.Path(dir, 0))
	if err != nil {
		t.Fatal(err)
	}
	last, err := checkpoint.Read(checkpoint.Path(dir, 7))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range first.Weights {
		for k, v := range p.Tensor.Data {
			if w := last.Weights[i].Tensor.Data[k]; math.Float32bits(v) != math.Float32bits(w) {
				t.Fatalf("%s[%d]: expected %v, got %v", p.Name, k, v, w)
			}
		}
	}
}

// A log that cannot be written does not end the training; what is lost shows at
// the end.
func TestE09TrainingGoesOn(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	var warnings []string
	r := newRun(t, dir, brief(), NewOptions{RecorderOptions: RecorderOptions{Warn: func(s string) { warnings = append(warnings, s) }}})
	log := filepath.Join(dir, MetricsFile)
	if err := os.Remove(log); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(log, 0o777); err != nil {
		t.Fatal(err)
	}
	training, err := NewTraining(brief(), small(t), TrainOptions{})
	if err != nil {
		t.Fatal(err)
	}
	training.Keep(r)
	if err := training.Run(t.Context(), nil); err != nil {
		t.Errorf("expected the training to go on, got %v", err)
	}
	err = r.Close()
	if err == nil || !strings.HasPrefix(err.Error(), log) || strings.Contains(err.Error(), "\n") {
		t.Errorf("expected an error that names the log, got %v", err)
	}
	said := 0
	for _, w := range warnings {
		if strings.HasSuffix(w, "; records wait") {
			said++
		}
	}
	if said != 1 {
		t.Errorf("expected one warning, got %q", warnings)
	}
}
