package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"gradus/run/checkpoint"
	"gradus/train"
)

var smallSets = sync.OnceValues(func() (*Sets, error) {
	sets, err := OpenSets(MNIST)
	if err != nil {
		return nil, err
	}
	return &Sets{Train: sets.Train.Slice(0, 100), Test: sets.Test.Slice(0, 50)}, nil
})

// small are sets of 100 and 50 samples: 7 steps of 16 make an epoch.
func small(t testing.TB) *Sets {
	t.Helper()
	sets, err := smallSets()
	if err != nil {
		t.Fatal(err)
	}
	return sets
}

// brief is a training of two stages and 28 steps.
func brief() Config {
	c := DefaultConfig()
	c.Schedule, c.Momentum, c.Threads = new("0.1x2,0.02x2"), 0.5, 1
	return c
}

var often = NewOptions{Every: Interval{Steps: 3}, Keep: 100}

var errStop = errors.New("stop")

// stop says where a training is to be interrupted.
type stop struct {
	steps      int // after so many, within an epoch; 0 for nowhere
	evaluating int // while this epoch, from 1, is evaluated
	epochs     int // behind so many
	first      bool
}

// record trains with a recorder up to a stop.
func record(t testing.TB, r *Recorder, c Config, at stop) error {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	defer cancel(nil)
	done := 0
	if b := r.Begin(); b != nil {
		done = b.Epochs
	}
	training, err := NewTraining(c, small(t), TrainOptions{Progress: func(p train.Progress) {
		if p.Evaluating && at.evaluating == done+1 {
			cancel(errStop)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	training.Keep(r)
	training.trainer.Checkpoints(1, func(s *train.Snapshot) error { // cuts an epoch everywhere
		if s.Steps == at.steps {
			cancel(errStop)
		}
		if every := r.every.Steps; every > 0 && s.Steps%every == 0 {
			return r.checkpoint(s)
		}
		return nil
	})
	if at.first {
		cancel(errStop)
	}
	err = training.Run(ctx, func(train.Epoch, *End) error {
		if done++; done == at.epochs {
			cancel(errStop)
		}
		return nil
	})
	if closed := r.Close(); closed != nil {
		t.Fatal(closed)
	}
	return err
}

func newRun(t testing.TB, dir string, c Config, o NewOptions) *Recorder {
	t.Helper()
	r, err := New(dir, c, small(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func openRun(t testing.TB, dir string) *Dir {
	t.Helper()
	d, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func resume(t testing.TB, dir string, o ResumeOptions) *Recorder {
	t.Helper()
	d := openRun(t, dir)
	if o.Config == (Config{}) {
		o.Config = d.Config()
	}
	r, err := Resume(d, small(t), o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// contents are the files of a run without what the clock and the machine say.
func contents(t testing.TB, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == LockFile {
			return err
		}
		text, err := os.ReadFile(path)
		text = regexp.MustCompile(`(seconds":|"started": |"threads": )[^,}]+`).ReplaceAll(text, []byte("$1"))
		files[strings.TrimPrefix(path, dir)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// whole are the files of the uninterrupted run.
func whole(t testing.TB) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "whole")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	return contents(t, dir)
}

// A run that is stopped, wherever, and goes on ends with the same bytes in every
// file as one that was not. D12: with any number of threads.
func TestD11D12ResumeEqualsUninterrupted(t *testing.T) {
	want := whole(t)
	stops := map[string]stop{
		"step 0":         {first: true},
		"step 1":         {steps: 1},
		"mid-epoch":      {steps: 4},
		"at a save":      {steps: 9},
		"last batch":     {evaluating: 1},
		"epoch end":      {epochs: 1},
		"between stages": {epochs: 2},
		"second stage":   {steps: 25},
		"last epoch":     {evaluating: 4},
	}
	for i, name := range slices.Sorted(maps.Keys(stops)) {
		t.Run("D11 "+name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			err := record(t, newRun(t, dir, brief(), often), brief(), stops[name])
			saved := (*SavedError)(nil)
			if !errors.As(err, &saved) || !errors.Is(err, errStop) {
				t.Fatalf("expected the training to be saved, got %v", err)
			}
			if _, err := checkpoint.Read(saved.Path); err != nil {
				t.Fatal(err)
			}
			c := openRun(t, dir).Config()
			c.Threads = []int{1, 2, 8}[i%3]
			if err := record(t, resume(t, dir, ResumeOptions{Config: c}), c, stop{}); err != nil {
				t.Fatal(err)
			}
			same(t, want, contents(t, dir), checkpoint.Name(saved.Step))
		})
	}
}

// same compares the files of two runs; one has been stopped at a step and has
// a checkpoint more.
func same(t *testing.T, want, got map[string]string, extra string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s: expected the bytes of the uninterrupted run, got others", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok && !strings.HasSuffix(name, extra) {
			t.Errorf("expected no more files, got %s", name)
		}
	}
}

// Stops and starts, one after the other, change nothing either.
func TestD11ManyStops(t *testing.T) {
	want := whole(t)
	dir := filepath.Join(t.TempDir(), "run")
	err := record(t, newRun(t, dir, brief(), often), brief(), stop{first: true})
	stops := 0
	for _, step := range []int{2, 3, 5, 8, 13, 20, 22, 26} {
		if !errors.Is(err, errStop) {
			t.Fatalf("step %d: expected to be stopped, got %v", step, err)
		}
		stops++
		err = record(t, resume(t, dir, ResumeOptions{}), brief(), stop{steps: step})
	}
	if err = record(t, resume(t, dir, ResumeOptions{}), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	got := contents(t, dir)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s: expected the bytes of the uninterrupted run after %d stops, got others", name, stops)
		}
	}
}

// G11: the same seed twice gives the same bytes of all files, but for the clock.
func TestG11SameFilesTwice(t *testing.T) {
	same(t, whole(t), whole(t), "none")
}

func TestD18Finished(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	steps, finished, err := openRun(t, dir).Finished()
	if err != nil || !finished || steps != 28 {
		t.Errorf("expected to be finished after 28 steps, got %d, %v, %v", steps, finished, err)
	}
}

// D8: a damaged newest checkpoint is kept aside, and the run goes on from the one
// before, to the same end.
func TestD08DamagedCheckpoint(t *testing.T) {
	want := whole(t)
	dir := filepath.Join(t.TempDir(), "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{steps: 12}); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	bad := checkpoint.Path(dir, 12)
	if err := os.Truncate(bad, 1000); err != nil {
		t.Fatal(err)
	}
	if _, err := Resume(openRun(t, dir), small(t), ResumeOptions{Config: brief(), Strict: true}); err == nil || !strings.Contains(err.Error(), bad) {
		t.Errorf("strict: expected an error that names %s, got %v", bad, err)
	}
	if _, err := os.Stat(bad); err != nil {
		t.Errorf("strict: expected the file untouched, got %v", err)
	}
	var warnings []string
	r := resume(t, dir, ResumeOptions{RecorderOptions: RecorderOptions{Warn: func(s string) { warnings = append(warnings, s) }}})
	prefix := "step 12 cannot be read, going back to step 9: " + bad
	if len(warnings) != 1 || !strings.HasPrefix(warnings[0], prefix) || !strings.HasSuffix(warnings[0], "kept as "+bad+".corrupt") {
		t.Errorf("expected a warning with both steps and the file, got %v", warnings)
	}
	if info, err := os.Stat(bad + ".corrupt"); err != nil || info.Size() != 1000 {
		t.Errorf("expected the bad file to be kept, got %v, %v", info, err)
	}
	if err := record(t, r, brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	same(t, want, contents(t, dir), ".corrupt")
}

// D9: best and last may be missing, dangle or point elsewhere: they are not
// believed.
func TestD09Pointers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	d := openRun(t, dir)
	best, err := d.Best()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"", "step-99.safetensors\n", "../../etc/passwd\n", "\x00"} {
		for _, file := range []string{checkpoint.BestFile, checkpoint.LastFile} {
			if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := d.Best(); err != nil || got != best {
			t.Errorf("%q: expected the best, %s, got %s, %v", text, best, got, err)
		}
		if got, err := d.Last(); err != nil || got != checkpoint.Path(dir, 28) {
			t.Errorf("%q: expected step 28, got %s, %v", text, got, err)
		}
	}
}

// D10: a run goes on as what it is, unless that is overridden.
func TestD10Contradictions(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := record(t, newRun(t, dir, brief(), often), brief(), stop{steps: 10}); !errors.Is(err, errStop) {
		t.Fatal(err)
	}
	before := contents(t, dir)
	d := openRun(t, dir)
	for want, change := range map[string]func(*Config){
		"net gated in place of plain":                   func(c *Config) { c.Net = "gated" },
		"batch 8 in place of 16":                        func(c *Config) { c.Batch = 8 },
		"momentum 0.25 in place of 0.5":                 func(c *Config) { c.Momentum = 0.25 },
		"seed 2 in place of 1":                          func(c *Config) { c.Seed = 2 },
		"depth 2 in place of 1, batch 8 in place of 16": func(c *Config) { c.Depth, c.Batch = 2, 8 },
		"schedule 0.1x9 in place of 0.1x2,0.02x2":       func(c *Config) { c.Schedule = new("0.1x9") },
		"validation 10 in place of 0":                   func(c *Config) { c.Validation = 10 },
	} {
		c := brief()
		change(&c)
		_, err := Resume(d, small(t), ResumeOptions{Config: c})
		full := "expected the settings of the run " + dir + ", got " + want + "; --override goes on with them"
		if conflict := (*Conflict)(nil); !errors.As(err, &conflict) || err.Error() != full {
			t.Errorf("expected %s, got %v", full, err)
		}
	}
	other := &Sets{Train: small(t).Train.Slice(0, 99), Test: small(t).Test}
	if _, err := Resume(d, other, ResumeOptions{Config: brief()}); err == nil || !strings.Contains(err.Error(), "data of sha256") {
		t.Errorf("expected other data to be refused, got %v", err)
	}
	if got := contents(t, dir); !maps.Equal(before, got) {
		t.Error("expected the run untouched, got changed files")
	}

	c := brief()
	c.Schedule = new("0.1x1,0.5x1")
	if err := record(t, resume(t, dir, ResumeOptions{Config: c, Override: true}), c, stop{}); err != nil {
		t.Fatal(err)
	}
	if got := openRun(t, dir).Config(); *got.Schedule != "0.1x1,0.5x1" {
		t.Errorf("expected the new settings to be kept, got %s", *got.Schedule)
	}
	log, err := openRun(t, dir).Metrics()
	if err != nil || len(log.Lines) != 2 || !bytes.Contains(log.Lines[1].Text, []byte(`"lr":0.5`)) {
		t.Errorf("expected two records, the second at 0.5, got %+v, %v", log, err)
	}
}

// D16: a run is one process's at a time, here one recorder's; Holder names it.
func TestD16E10Lock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := newRun(t, dir, brief(), often)
	d := openRun(t, dir)
	holder := fmt.Sprintf("process %d on %s", os.Getpid(), thisMachine().Host)
	want := filepath.Join(dir, LockFile) + ": expected a lock that is free, got one held by " + holder
	if _, err := Resume(d, small(t), ResumeOptions{Config: brief()}); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if got, err := d.Holder(); err != nil || got != holder {
		t.Errorf("expected %s, got %s, %v", holder, got, err)
	}
	if err := Remove(dir); err == nil || !strings.Contains(err.Error(), holder) {
		t.Errorf("expected a run that is trained to stay, got %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	if got, err := d.Holder(); err != nil || got != "" {
		t.Errorf("expected nobody, got %s, %v", got, err)
	}
}

// D6, F16, F17: a directory that cannot be a new run's.
func TestF16F17NewDirectories(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "file"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"":                           "out: expected a folder, got nothing",
		dir:                          `out: expected a new or empty folder, got ` + dir + ` with "file" in it`,
		filepath.Join(dir, "file"):   "out: expected a folder, got a file: " + filepath.Join(dir, "file"),
		filepath.Join(dir, "a\nb"):   "out: expected a name without control characters, got",
		filepath.Join(dir, "CON"):    `out: expected a name that is a file's on every system, got "CON", a device on Windows`,
		filepath.Join(dir, "com1.x"): `out: expected a name that is a file's on every system, got "com1.x", a device on Windows`,
		filepath.Join(dir, strings.Repeat("x", 300)): "out: expected a name of at most 200 bytes, got 300",
		filepath.Join(dir, "\xff"):                   "out: expected a name in UTF-8, got",
	} {
		if err := CheckNew(path); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: expected %s, got %v", path, want, err)
		}
	}
	for _, name := range []string{"🙂", ";rm -rf", "-x", "CONTENT", "com", "..x", " "} {
		if err := CheckNew(filepath.Join(dir, name)); err != nil {
			t.Errorf("%q: expected a name that works, got %v", name, err)
		}
	}
}

func TestD06NotWritable(t *testing.T) {
	if runtime.GOOS == "windows" || os.Getuid() == 0 {
		t.Skip("everything can be written by this user")
	}
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if _, err := New(dir, brief(), small(t), often); err == nil || !strings.Contains(err.Error(), "permission denied") {
		t.Errorf("expected a refusal before the first step, got %v", err)
	}
}
