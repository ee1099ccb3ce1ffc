package checkpoint

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"gradus/internal/crashfs"
)

// lastStep is that of the last checkpoint of a history.
const lastStep = 35

// history is the checkpoints of a run: every second one is better than all
// before.
func history() []*Checkpoint {
	var list []*Checkpoint
	var best *Best
	for i := range lastStep/5 + 1 {
		c := example(5 * i)
		if i%2 == 1 {
			best = &Best{Step: c.Steps, Error: 1 / float64(i)}
		}
		c.Best = best
		list = append(list, c)
	}
	return list
}

// saveAll saves a history and tells which steps were announced.
func saveAll(sys *crashfs.FS, announced func(step int)) []error {
	s := NewStore(".", sys, 2, nil)
	var errs []error
	for _, c := range history() {
		errs = append(errs, s.Save(c, func(string) { announced(c.Steps) }))
	}
	return errs
}

// Every operation of all saves fails in turn, by an error and by a short write:
// what was announced before can be read, nothing is left over, and later saves
// work.
func TestD01EveryOperationFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	for _, fault := range []struct {
		err   error
		short bool
		want  string
	}{
		{syscall.EIO, false, "input/output error"},
		{syscall.ENOSPC, false, "no space left on device"},
		{nil, true, "short write"}, // D7
	} {
		for at := 1; ; at++ {
			sys := crashfs.New()
			sys.FailAt, sys.Err, sys.Short = at, fault.err, fault.short
			last := -1
			errs := saveAll(sys, func(step int) { last = step })
			if len(sys.Ops()) < at {
				break
			}
			op := sys.Ops()[at-1]
			if fault.short && op != "write" {
				continue
			}
			failed := slices.IndexFunc(errs, func(err error) bool { return err != nil })
			if failed < 0 || !strings.Contains(errs[failed].Error(), fault.want) || strings.Contains(errs[failed].Error(), "\n") {
				t.Fatalf("operation %d, %s: expected the error %s on one line, got %v", at, op, fault.want, errs)
			}
			if fault.err == syscall.ENOSPC && strings.Contains(errs[failed].Error(), "step-") && op != "remove" && !strings.Contains(errs[failed].Error(), "bytes are needed") { // D4
				t.Errorf("operation %d, %s: expected the bytes that are needed, got %v", at, op, errs[failed])
			}
			files := sys.Files()
			for path := range files {
				if strings.HasSuffix(path, ".tmp") {
					t.Errorf("operation %d, %s: expected nothing left, got %s", at, op, path)
				}
			}
			put(t, dir, files)
			c, damaged, err := Newest(dir)
			if err != nil || len(damaged) > 0 || c.Steps < last || failed < len(errs)-1 && c.Steps != lastStep {
				t.Fatalf("operation %d, %s: expected step %d, announced, or a later one, got %v, %v, %v", at, op, last, c, damaged, err)
			}
		}
	}
}

// D5: a sync that failed is not tried again on the same file: the next save
// writes a new one.
func TestD05FailedSyncIsFinal(t *testing.T) {
	sys := crashfs.New()
	s := NewStore(".", sys, 2, nil)
	sys.FailAt, sys.Err = 1+slices.Index(opsOfSave(t), "sync"), syscall.EIO
	if err := s.Save(example(5), nil); err == nil {
		t.Fatal("expected an error, got none")
	}
	before := len(sys.Ops())
	if got := sys.Ops()[sys.FailAt:]; slices.Contains(got, "sync") {
		t.Errorf("expected no second sync, got %v", got)
	}
	if err := s.Save(example(5), nil); err != nil || sys.Ops()[before] != "create" {
		t.Errorf("expected a new file, got %v, %v", sys.Ops()[before:], err)
	}
}

func opsOfSave(t *testing.T) []string {
	t.Helper()
	sys := crashfs.New()
	if err := NewStore(".", sys, 2, nil).Save(example(5), nil); err != nil {
		t.Fatal(err)
	}
	return sys.Ops()
}

// The order that makes it safe: bytes, sync, rename, sync of the folder, then the
// announcement, then what is old goes.
func TestD01Order(t *testing.T) {
	sys := crashfs.New()
	var got []string
	sys.After = func(op string) {
		if len(got) == 0 || got[len(got)-1] != op {
			got = append(got, op)
		}
	}
	s := NewStore(".", sys, 1, nil)
	for _, step := range []int{5, 10} {
		got = nil
		if err := s.Save(example(step), func(string) { got = append(got, "announced") }); err != nil {
			t.Fatal(err)
		}
	}
	file, pointer := "create write sync close rename syncdir", "create write close rename"
	if want := file + " " + pointer + " announced remove"; strings.Join(got, " ") != want {
		t.Errorf("expected %s, got %v", want, got)
	}
}

// The machine crashes after every operation, with nothing, half and all of what
// was not synced: the newest checkpoint that can be read is the last that was
// announced or the one in flight, with exactly its bytes.
func TestD02CrashImages(t *testing.T) {
	want := map[int][]byte{}
	for _, c := range history() {
		want[c.Steps] = encoded(t, c)
	}
	dir := filepath.Join(t.TempDir(), "run")
	images, announced := 0, -1
	sys := crashfs.New()
	check := func(op string) {
		for _, bytes := range []int{0, 50, 100} {
			for _, names := range []int{0, 50, 100} {
				images++
				checkImage(t, dir, sys.Crash(bytes, names), op, announced, want)
			}
		}
	}
	sys.After = check
	for _, err := range saveAll(sys, func(step int) { announced = step; check("announce") }) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if images < 1000 {
		t.Errorf("expected at least 1000 images, got %d", images)
	}
	t.Logf("%d images", images)
}

func checkImage(t *testing.T, dir string, files map[string][]byte, op string, announced int, want map[int][]byte) {
	t.Helper()
	put(t, dir, files)
	c, damaged, err := Newest(dir)
	if len(damaged) > 0 {
		t.Fatalf("crash after %s: expected no damaged checkpoint, got %v", op, damaged)
	}
	if err != nil {
		if announced >= 0 {
			t.Fatalf("crash after %s: expected step %d, got %v", op, announced, err)
		}
		return
	}
	if c.Steps != announced && c.Steps != announced+5 && (announced >= 0 || c.Steps != 0) {
		t.Fatalf("crash after %s: expected step %d or the next, got %d", op, announced, c.Steps)
	}
	got, err := os.ReadFile(Path(dir, c.Steps))
	if err != nil || !bytes.Equal(got, want[c.Steps]) {
		t.Fatalf("crash after %s: expected exactly the bytes of step %d, got others, %v", op, c.Steps, err)
	}
	for _, file := range []string{BestFile, LastFile} {
		if path, ok := Pointed(dir, file); ok {
			if _, err := Read(path); err != nil {
				t.Fatalf("crash after %s: expected %s to name a checkpoint that can be read, got %v", op, file, err)
			}
		}
	}
}
