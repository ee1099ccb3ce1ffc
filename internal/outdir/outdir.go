// Package outdir writes the files of a command's results into a folder that is
// theirs alone.
package outdir

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"gradus/internal/atomicfile"
)

// FullError says that a folder has something in it.
type FullError struct{ Dir, Entry string }

func (e *FullError) Error() string {
	return fmt.Sprintf("expected a new or empty folder, got %s with %q in it", e.Dir, e.Entry)
}

// Check refuses what is there already and is not an empty folder.
func Check(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		if info, e := os.Stat(dir); e == nil && !info.IsDir() {
			return fmt.Errorf("expected a folder, got a file: %s", dir)
		}
		return fmt.Errorf("expected a folder that can be read, got %s: %w", dir, cause(err))
	case len(entries) > 0:
		return &FullError{dir, entries[0].Name()}
	}
	return nil
}

// Create makes the folder, and those above it, where they are missing.
func Create(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("%s: expected to make the folder, got %w", dir, cause(err))
	}
	return nil
}

// File is a file to be: its name and what writes it.
type File struct {
	Name  string
	Write func(io.Writer) error
}

// WriteTo writes the file into a folder that is there. It is complete when it
// appears; where anything fails, nothing is left.
func (f File) WriteTo(dir string) error {
	return atomicfile.Write(filepath.Join(dir, f.Name), func(w io.Writer) error {
		buffered := bufio.NewWriter(w)
		if err := f.Write(buffered); err != nil {
			return err
		}
		return buffered.Flush()
	})
}

// cause is the operating system's part of an error.
func cause(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}
