package regular_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"gradus/internal/regular"
)

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "file")
	if err := os.WriteFile(path, []byte("abc"), 0o666); err != nil {
		t.Fatal(err)
	}
	f, size, err := regular.Open(path)
	if err != nil || size != 3 {
		t.Fatalf("expected 3 bytes, got %d, %v", size, err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, _, err := regular.Open(dir); err == nil || err.Error() != "expected a regular file, got a directory" {
		t.Errorf("expected no directory, got %v", err)
	}
	if runtime.GOOS == "windows" {
		return // words and links are other ones there
	}
	_, _, err = regular.Open(filepath.Join(dir, "none"))
	if err == nil || err.Error() != "expected a readable file, got no such file or directory" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected an error that wraps fs.ErrNotExist, got %v", err)
	}
	dangling := filepath.Join(dir, "dangling")
	if err := os.Symlink("gone", dangling); err != nil {
		t.Fatal(err)
	}
	if _, _, err = regular.Open(dangling); err == nil || err.Error() != "expected a readable file, got a symbolic link to nothing; it points to gone" {
		t.Errorf("expected a dangling link, got %v", err)
	}
}
