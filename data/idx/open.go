package idx

import (
	"errors"
	"io/fs"
	"os"
	"syscall"
)

// ReadFile reads the file at path as [Read] does. A symbolic link to a regular file is followed; anything that is no
// regular file is refused without opening it, so a pipe or a device never makes it wait.
func ReadFile(path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if err := regular(path, info); err != nil {
		return nil, err
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	return read(f, path, info.Size())
}

func regular(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	got := "another kind of file"
	switch mode := info.Mode(); {
	case mode.IsDir():
		got = "a directory"
	case mode&fs.ModeNamedPipe != 0:
		got = "a pipe"
	case mode&fs.ModeSocket != 0:
		got = "a socket"
	case mode&fs.ModeDevice != 0:
		got = "a device"
	}
	return &Error{Path: path, Offset: -1, Expected: "a regular file", Got: got}
}

// unreadable turns an error of the operating system into one line: the reason only, for its path and its operation say
// nothing that the line does not.
func unreadable(path string, err error) error {
	e := &Error{Path: path, Offset: -1, Expected: "a readable file", Got: err.Error(), Err: err}
	var errno syscall.Errno
	if errors.As(err, &errno) {
		e.Got = errno.Error()
	}
	if errors.Is(err, fs.ErrNotExist) {
		if target, err := os.Readlink(path); err == nil {
			e.Got = "a symbolic link to nothing"
			e.Hint = "it points to " + target
		}
	}
	return e
}
