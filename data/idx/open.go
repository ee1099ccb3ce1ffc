package idx

import (
	"errors"

	"gradus/internal/regular"
)

// ReadFile reads the file at path as [Read] does. A symbolic link to a regular file is followed; anything that is no
// regular file is refused without opening it, so a pipe or a device never makes it wait.
func ReadFile(path string) (*File, error) {
	f, size, err := regular.Open(path)
	if r, ok := errors.AsType[*regular.Refusal](err); ok {
		return nil, refused(path, r)
	}
	defer f.Close()
	return read(f, path, size)
}

// unreadable words an error of the operating system.
func unreadable(path string, err error) error { return refused(path, regular.Unreadable(path, err)) }

func refused(path string, r *regular.Refusal) error {
	return &Error{Path: path, Offset: -1, Expected: r.Expected, Got: r.Got, Hint: r.Hint, Err: r.Err}
}
