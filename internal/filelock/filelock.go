// Package filelock keeps two processes from working in one place. The lock is
// the operating system's, on a file that stays: it ends with the process that
// holds it, however that ends.
package filelock

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"

	"gradus/internal/regular"
)

// Lock is a lock that is held.
type Lock struct{ f *os.File }

// HeldError says who holds a lock.
type HeldError struct {
	Path   string
	Holder string // what the holder wrote with Lock.Sign; may be empty
}

// Error names the file and the holder.
func (e *HeldError) Error() string {
	holder := e.Holder
	if holder == "" {
		holder = "another process"
	}
	return fmt.Sprintf("%s: expected a lock that is free, got one held by %s", e.Path, holder)
}

// mostHolder is as much of a holder's name as is read.
const mostHolder = 1024

// Take takes the lock of the file at path, which it makes where it is missing.
// It does not wait: a lock that is held is a *HeldError.
func Take(path string) (*Lock, error) { return take(path, lock) }

func take(path string, lock func(*os.File) error) (*Lock, error) {
	if info, err := os.Stat(path); err == nil {
		if err := regular.Check(info.Mode()); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("%s: expected a file that can be written, got %w", path, cause(err))
	}
	switch err := lock(f); {
	case errors.Is(err, errHeld):
		text, _ := io.ReadAll(io.LimitReader(f, mostHolder)) // who it is only helps
		f.Close()
		return nil, &HeldError{path, strings.Join(strings.Fields(string(text)), " ")}
	case err != nil:
		f.Close()
		return nil, fmt.Errorf("%s: expected a file system that can lock files, got %w", path, cause(err))
	}
	return &Lock{f}, nil
}

// Sign writes into the file who holds the lock.
func (l *Lock) Sign(holder string) error {
	_, err := l.f.WriteAt([]byte(holder+"\n"), 0)
	if err == nil {
		err = l.f.Truncate(int64(len(holder) + 1))
	}
	if err != nil {
		return fmt.Errorf("%s: expected a file that can be written, got %w", l.f.Name(), cause(err))
	}
	return nil
}

// Release gives the lock back. The file stays: to remove it would take it away
// from who waits for it.
func (l *Lock) Release() error { return l.f.Close() }

// errHeld is what lock returns for a lock that is held.
var errHeld = errors.New("held")

// cause is the operating system's part of an error.
func cause(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}
