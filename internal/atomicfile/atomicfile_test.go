package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
)

// failing does what the disk does until operation number at, which fails.
type failing struct {
	Disk
	at, count int
	op        string // the operation that failed
	short     bool   // the operation is a write that writes less
}

var errFull = &fs.PathError{Op: "write", Path: "secret", Err: syscall.ENOSPC}

func (f *failing) fails(op string) bool {
	f.count++
	if f.count == f.at {
		f.op = op
	}
	return f.count == f.at
}

func (f *failing) Create(path string, mode fs.FileMode) (File, error) {
	if f.fails("create") {
		return nil, errFull
	}
	real, err := f.Disk.Create(path, mode)
	return &failingFile{real, f}, err
}

func (f *failing) Rename(from, to string) error {
	if f.fails("rename") {
		return errFull
	}
	return f.Disk.Rename(from, to)
}

func (f *failing) SyncDir(path string) error {
	if f.fails("syncDir") {
		return errFull
	}
	return f.Disk.SyncDir(path)
}

type failingFile struct {
	File
	sys *failing
}

func (f *failingFile) Write(b []byte) (int, error) {
	if f.sys.fails("write") {
		if f.sys.short {
			return f.File.Write(b[:len(b)/2])
		}
		return 0, errFull
	}
	return f.File.Write(b)
}

func (f *failingFile) Chmod(m fs.FileMode) error {
	if f.sys.fails("chmod") {
		return errFull
	}
	return f.File.Chmod(m)
}

func (f *failingFile) Sync() error {
	if f.sys.fails("sync") {
		return errFull
	}
	return f.File.Sync()
}

func (f *failingFile) Close() error {
	err := f.File.Close()
	if f.sys.fails("close") {
		return errFull
	}
	return err
}

func twoParts(w io.Writer) error {
	if _, err := io.WriteString(w, "new "); err != nil {
		return err
	}
	_, err := io.WriteString(w, "content")
	return err
}

// content is what a reader sees, and what else is in the folder.
func content(t *testing.T, path string) (text string, others int) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	list, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		if e.Name() != filepath.Base(path) {
			others++
		}
	}
	return string(b), others
}

// Every operation of a write fails in turn: the old file is whole, nothing is
// left, and the error is one line that names the path.
func TestH13Faults(t *testing.T) {
	for _, old := range []string{"", "old content"} {
		for _, short := range []bool{false, true} {
			var ops []string
			for at := 1; ; at++ {
				path := filepath.Join(t.TempDir(), "file")
				if old != "" {
					if err := os.WriteFile(path, []byte(old), 0o640); err != nil {
						t.Fatal(err)
					}
				}
				sys := &failing{at: at, short: short}
				err := Replace(sys, path, twoParts)
				got, others := content(t, path)
				if sys.op == "" {
					if err != nil || got != "new content" {
						t.Errorf("expected the new content, got %q, %v", got, err)
					}
					break
				}
				ops = append(ops, sys.op)
				want := path + ": expected a file that can be written, got no space left on device"
				if short && sys.op == "write" {
					want = path + ": expected a file that can be written, got short write"
				}
				whole := old
				if sys.op == "rename" { // H13
					want = path + ": expected a file that can be replaced by renaming another, got no space left on device"
				}
				if sys.op == "syncDir" {
					want += "; the new file is in place and may be lost by a crash"
					whole = "new content"
				}
				if err == nil || err.Error() != want || got != whole || others != 0 {
					t.Errorf("%s fails: expected %s and %q alone, got %v, %q and %d others", sys.op, want, whole, err, got, others)
				}
			}
			want := "create write write chmod sync close rename syncDir"
			if old == "" {
				want = "create write write sync close rename syncDir"
			}
			if got := strings.Join(ops, " "); got != want {
				t.Errorf("expected the operations %s, got %s", want, got)
			}
		}
	}
}

func TestWriteFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file\n")
	err := Write(path, func(w io.Writer) error {
		io.WriteString(w, "half")
		return fmt.Errorf("expected more")
	})
	if want := strings.ReplaceAll(path, "\n", `\n`) + ": expected more"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if got, others := content(t, path); got != "" || others != 0 {
		t.Errorf("expected nothing, got %q and %d others", got, others)
	}
}

func TestWritePaths(t *testing.T) {
	dir := t.TempDir()
	path, link, missing := filepath.Join(dir, "file"), filepath.Join(dir, "link"), filepath.Join(dir, "none", "file")
	if err := os.WriteFile(path, []byte("old"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("file", link); err != nil {
		t.Skip("symbolic links cannot be made here:", err)
	}
	if err := Write(link, twoParts); err != nil {
		t.Fatal(err)
	}
	if got, _ := content(t, path); got != "new content" {
		t.Errorf("expected the link's target to be replaced, got %q", got)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
		t.Errorf("expected a link still, got %v, %v", info, err)
	}
	if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("expected the old permissions, got %v, %v", info.Mode(), err)
	}
	if err := Write(dir, twoParts); err == nil || err.Error() != dir+": expected a regular file, got a directory" {
		t.Errorf("expected no directory, got %v", err)
	}
	if err := Write(missing, twoParts); err == nil || err.Error() != missing+": expected a file that can be written, got no such file or directory" {
		t.Errorf("expected a folder that is there, got %v", err)
	}
	if runtime.GOOS != "windows" {
		if err := Write("/dev/null", twoParts); err == nil || err.Error() != "/dev/null: expected a regular file, got a device" {
			t.Errorf("expected no device, got %v", err)
		}
	}
}
