package run

import (
	"fmt"
	"io"

	"gradus/internal/regular"
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
	f, _, err := regular.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxConfigSize+1))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, regular.Unreadable(path, err))
	}
	if len(text) > maxConfigSize {
		return nil, fmt.Errorf("%s: expected at most %d bytes, got more", path, maxConfigSize)
	}
	return text, nil
}
