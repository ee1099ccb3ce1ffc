package run

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"gradus/internal/strictjson"
)

// maxConfigSize is far more than settings can fill, and little to read.
const maxConfigSize = 1 << 20

// ReadConfig reads settings from a JSON file over c: keys that are not in the
// file keep their values. A file that says how long to train says it alone: a
// schedule in it replaces a learning rate in c, and the other way round. The
// error names the file, and the line where one is at fault.
func (c *Config) ReadConfig(path string) error {
	text, err := readSmall(path)
	if err != nil {
		return err
	}
	read := *c
	read.Schedule, read.LearningRate, read.Epochs = nil, nil, nil
	if err := strictjson.Decode(text, &read); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if read.Schedule == nil && read.LearningRate == nil && read.Epochs == nil {
		read.Schedule, read.LearningRate, read.Epochs = c.Schedule, c.LearningRate, c.Epochs
	}
	*c = read
	return nil
}

// readSmall reads a regular file that is not too large.
func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: expected a file, got %s", path, describe(info.Mode()))
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfigSize+1))
	if err != nil {
		return nil, unreadable(path, err)
	}
	if len(text) > maxConfigSize {
		return nil, fmt.Errorf("%s: expected at most %d bytes, got more", path, maxConfigSize)
	}
	return text, nil
}

func describe(mode fs.FileMode) string {
	if mode.IsDir() {
		return "a folder"
	}
	return "a device or pipe"
}

// unreadable words an error of the operating system.
func unreadable(path string, err error) error {
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = cause.Err
	}
	return fmt.Errorf("%s: expected a readable file, got %w", path, err)
}
