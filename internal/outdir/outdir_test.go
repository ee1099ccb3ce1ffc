package outdir_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gradus/internal/outdir"
)

func TestCheck(t *testing.T) {
	dir := t.TempDir()
	full := filepath.Join(dir, "full")
	if err := os.Mkdir(full, 0o777); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(full, "a.txt")
	if err := os.WriteFile(file, nil, 0o666); err != nil {
		t.Fatal(err)
	}
	empty := filepath.Join(dir, "empty")
	if err := outdir.Create(empty); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		empty:                      "",
		filepath.Join(dir, "x/y"):  "",
		full:                       `expected a new or empty folder, got ` + full + ` with "a.txt" in it`,
		file:                       "expected a folder, got a file: " + file,
		filepath.Join(file, "sub"): "expected a folder that can be read, got " + filepath.Join(file, "sub") + ": not a directory",
	} {
		if err := outdir.Check(path); err == nil && want != "" || err != nil && err.Error() != want {
			t.Errorf("%s: expected the error %q, got %v", path, want, err)
		}
	}
	if err := outdir.Create(file); err == nil || !strings.HasPrefix(err.Error(), file+": expected to make the folder, got ") {
		t.Errorf("expected no folder in place of a file, got %v", err)
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	hello := func(w io.Writer) error { _, err := io.WriteString(w, "hello"); return err }
	if err := (outdir.File{Name: "a.txt", Write: hello}).WriteTo(dir); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	failing := outdir.File{Name: "a.txt", Write: func(w io.Writer) error {
		if err := hello(w); err != nil {
			return err
		}
		return broken
	}}
	err := failing.WriteTo(dir)
	if !errors.Is(err, broken) || err.Error() != filepath.Join(dir, "a.txt")+": broken" {
		t.Errorf("expected the writer's error with the file's name, got %v", err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "a.txt"))
	if err != nil || string(text) != "hello" {
		t.Errorf("expected the file as it was, got %q, %v", text, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("expected nothing else, got %v, %v", entries, err)
	}
	if err := (outdir.File{Name: "a.txt", Write: hello}).WriteTo(filepath.Join(dir, "no")); err == nil || !strings.HasSuffix(err.Error(), "expected a file that can be written, got no such file or directory") {
		t.Errorf("expected no file without its folder, got %v", err)
	}
}
