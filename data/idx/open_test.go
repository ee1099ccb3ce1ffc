package idx

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestA23NotAFile(t *testing.T) {
	dir := t.TempDir()
	missing := filepath.Join(dir, "missing")
	_, err := ReadFile(missing)
	checkLine(t, err, missing+": expected a readable file, got no such file or directory")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected an error that wraps fs.ErrNotExist, got %v", err)
	}

	_, err = ReadFile(dir)
	checkLine(t, err, dir+": expected a regular file, got a directory")

	below := filepath.Join(corpus, "ok_labels_3.idx", "below")
	_, err = ReadFile(below)
	checkLine(t, err, below+": expected a readable file, got not a directory")
}

func TestA23Links(t *testing.T) {
	dir := t.TempDir()
	target, err := filepath.Abs(filepath.Join(corpus, "ok_labels_3.idx"))
	if err != nil {
		t.Fatal(err)
	}
	good, dangling := filepath.Join(dir, "good"), filepath.Join(dir, "dangling")
	for link, to := range map[string]string{good: target, dangling: "gone"} {
		if err := os.Symlink(to, link); err != nil {
			t.Skip("symbolic links cannot be made here:", err)
		}
	}
	if f, err := ReadFile(good); err != nil || f.Len() != 3 {
		t.Errorf("expected 3 labels through a symbolic link, got %v, %v", f, err)
	}
	_, err = ReadFile(dangling)
	checkLine(t, err, dangling+": expected a readable file, got a symbolic link to nothing; it points to gone")
}

func TestA23PermissionLine(t *testing.T) {
	err := unreadable("secret", &fs.PathError{Op: "open", Path: "secret", Err: syscall.EACCES})
	checkLine(t, err, "secret: expected a readable file, got permission denied")
	if !errors.Is(err, fs.ErrPermission) {
		t.Errorf("expected an error that wraps fs.ErrPermission, got %v", err)
	}
}

// shrinking cuts the file after the first read.
type shrinking struct {
	*os.File
	cut bool
}

func (s *shrinking) Read(b []byte) (int, error) {
	n, err := s.File.Read(b)
	if !s.cut {
		s.cut = true
		if err := s.Truncate(100_000); err != nil {
			return n, err
		}
	}
	return n, err
}

func TestA24FileShrinks(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shrinking")
	content := make([]byte, 8+200_000)
	copy(content, []byte{0, 0, byte(Uint8), 1, 0, 0x03, 0x0d, 0x40})
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadFile(path); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	_, err = read(&shrinking{File: f}, path, int64(len(content)))
	checkLine(t, err, path+": offset 100000: expected 200000 data bytes, got 99992")

	// The same for a file that grows: what follows the data is not taken for data.
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate(300_000); err != nil {
		t.Fatal(err)
	}
	_, err = read(f, path, int64(len(content)))
	checkLine(t, err, path+": offset 200008: expected 200000 data bytes, got at least 200001")
}
