package filelock

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestTake(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	first, err := Take(path)
	if err != nil {
		t.Fatal(err)
	}
	want := path + ": expected a lock that is free, got one held by another process"
	if _, err := Take(path); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	for _, holder := range []string{"process 123456 on a machine", "process 7 on b"} {
		if err := first.Sign(holder); err != nil {
			t.Fatal(err)
		}
		_, err = Take(path)
		if held := (*HeldError)(nil); !errors.As(err, &held) || held.Holder != holder {
			t.Errorf("expected the holder %s, got %v", holder, err)
		}
	}
	if err := first.Release(); err != nil {
		t.Fatal(err)
	}
	second, err := Take(path)
	if err != nil {
		t.Fatalf("expected a lock that is free again, got %v", err)
	}
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
}

// H13: a file system without locks is named for what it lacks.
func TestH13NoLocks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	_, err := take(path, func(*os.File) error { return syscall.EOPNOTSUPP })
	want := path + ": expected a file system that can lock files, got " + syscall.EOPNOTSUPP.Error()
	if err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}

func TestTakeRefuses(t *testing.T) {
	dir := t.TempDir()
	for path, want := range map[string]string{
		dir:                              dir + ": expected a regular file, got a directory",
		filepath.Join(dir, "no", "lock"): filepath.Join(dir, "no", "lock") + ": expected a file that can be written, got no such file or directory",
	} {
		if _, err := Take(path); err == nil || err.Error() != want {
			t.Errorf("expected %s, got %v", want, err)
		}
	}
}
