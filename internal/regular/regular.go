// Package regular opens files whose size is known: it never waits for a pipe,
// reads no device, and says in house words why a path cannot be read.
package regular

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// Refusal says why a path is not read. Whoever reports it adds the path.
type Refusal struct {
	Expected, Got string
	Hint          string // may be empty
	Err           error  // the operating system's error, may be nil
}

// Error formats the refusal as one line: expected X, got Y; hint
func (r *Refusal) Error() string {
	line := "expected " + r.Expected + ", got " + r.Got
	if r.Hint != "" {
		line += "; " + r.Hint
	}
	return line
}

// Unwrap returns the operating system's error.
func (r *Refusal) Unwrap() error { return r.Err }

// Open opens the file at path and returns its size. A symbolic link to a regular
// file is followed; anything that is no regular file is refused without opening
// it. Errors are of type *Refusal.
func Open(path string) (*os.File, int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, Unreadable(path, err)
	}
	if err := Check(info.Mode()); err != nil {
		return nil, 0, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, Unreadable(path, err)
	}
	// Another file may stand there by now: what was opened is what counts.
	if info, err = f.Stat(); err != nil {
		f.Close()
		return nil, 0, Unreadable(path, err)
	}
	if err := Check(info.Mode()); err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

// Check refuses what is no regular file.
func Check(mode fs.FileMode) error {
	got := "another kind of file"
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		got = "a directory"
	case mode&fs.ModeNamedPipe != 0:
		got = "a pipe"
	case mode&fs.ModeSocket != 0:
		got = "a socket"
	case mode&fs.ModeDevice != 0:
		got = "a device"
	}
	return &Refusal{Expected: "a regular file", Got: got}
}

// Unreadable words an error of the operating system: the reason only, for its
// path and its operation say nothing that the line does not.
func Unreadable(path string, err error) *Refusal {
	r := &Refusal{Expected: "a readable file", Got: err.Error(), Err: err}
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		r.Got = errno.Error()
	}
	if errors.Is(err, fs.ErrNotExist) {
		if target, err := os.Readlink(path); err == nil {
			r.Got = "a symbolic link to nothing"
			r.Hint = "it points to " + target
		}
	}
	return r
}
