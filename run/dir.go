package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"gradus/internal/atomicfile"
	"gradus/internal/filelock"
	"gradus/internal/strictjson"
	"gradus/run/checkpoint"
	"gradus/run/metrics"
)

// Files of a run's directory, besides those of package checkpoint.
const (
	ConfigFile  = "config.json"
	MetricsFile = "metrics.jsonl"
	LockFile    = "lock"
)

// Dir is the directory of a run, open for reading:
//
//	config.json                         About
//	metrics.jsonl                       a Record per epoch
//	checkpoints/step-<N>.safetensors    package checkpoint
//	best, last                          names of checkpoints
//	lock                                who is training
type Dir struct {
	Path  string
	About About
}

// Open reads what a run is. Errors name the file, and the line where one is at
// fault.
func Open(dir string) (*Dir, error) {
	path := filepath.Join(dir, ConfigFile)
	text, err := readSmall(path)
	if err != nil {
		if info, e := os.Stat(dir); e == nil && info.IsDir() && errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("%s: expected the directory of a run, got one without %s", dir, ConfigFile)
		}
		return nil, err
	}
	about, err := parseAbout(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return &Dir{Path: dir, About: *about}, nil
}

// parseAbout reads the text of config.json and checks it.
func parseAbout(text []byte) (*About, error) {
	if err := checkAboutFormat(text); err != nil {
		return nil, err
	}
	a := &About{}
	if err := strictjson.Decode(text, a); err != nil {
		return nil, err
	}
	if err := a.Settings.Check(); err != nil {
		return nil, err
	}
	if _, err := ParseInterval(a.Checkpoint.Every); err != nil {
		return nil, fmt.Errorf("checkpoint: every: %w", err)
	}
	if a.Checkpoint.Keep < 1 {
		return nil, fmt.Errorf("checkpoint: keep: expected at least 1, got %d", a.Checkpoint.Keep)
	}
	return a, nil
}

// checkAboutFormat refuses a newer format before its keys are found unknown.
func checkAboutFormat(text []byte) error {
	var about struct{ Format *int }
	if json.Unmarshal(text, &about) != nil {
		return nil // the strict parser says what is wrong
	}
	switch {
	case about.Format == nil:
		return errors.New("expected the file of a run, with its format, got none")
	case *about.Format < 1 || *about.Format > formatOfAbout:
		return fmt.Errorf("expected format %d or less, got format %d; a newer gradus reads it", formatOfAbout, *about.Format)
	}
	return nil
}

// Config are the run's settings.
func (d *Dir) Config() Config { return d.About.Settings }

// Last is the path of the newest checkpoint that can be read.
func (d *Dir) Last() (string, error) {
	if path, ok := checkpoint.Pointed(d.Path, checkpoint.LastFile); ok {
		if _, err := checkpoint.Read(path); err == nil {
			return path, nil
		}
	}
	c, _, err := checkpoint.Newest(d.Path)
	if err != nil {
		return "", err
	}
	return checkpoint.Path(d.Path, c.Steps), nil
}

// Best is the path of the checkpoint with the smallest error on what epochs are
// measured on, the first of equal ones; of the newest one before any epoch was
// measured.
func (d *Dir) Best() (string, error) {
	if path, ok := checkpoint.Pointed(d.Path, checkpoint.BestFile); ok {
		if _, err := checkpoint.Read(path); err == nil {
			return path, nil
		}
	}
	c, _, err := checkpoint.Newest(d.Path)
	if err != nil {
		return "", err
	}
	if c.Best != nil {
		if path := checkpoint.Path(d.Path, c.Best.Step); isReadable(path) {
			return path, nil
		}
	}
	return checkpoint.Path(d.Path, c.Steps), nil
}

func isReadable(path string) bool {
	_, err := checkpoint.Read(path)
	return err == nil
}

// Metrics reads the records of the run.
func (d *Dir) Metrics() (*metrics.Contents, error) {
	return metrics.Read(filepath.Join(d.Path, MetricsFile))
}

// Holder says who trains the run now; "" for nobody.
func (d *Dir) Holder() (string, error) {
	path := filepath.Join(d.Path, LockFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", nil // not made just to look
	}
	lock, err := filelock.Take(path)
	if held := (*filelock.HeldError)(nil); errors.As(err, &held) {
		return held.Holder, nil
	}
	if err != nil {
		return "", err
	}
	return "", lock.Release()
}

// lock makes this process the only one to train the run.
func (d *Dir) lock() (*filelock.Lock, error) {
	lock, err := filelock.Take(filepath.Join(d.Path, LockFile))
	if err != nil {
		return nil, err
	}
	if err := lock.Sign(fmt.Sprintf("process %d on %s", os.Getpid(), thisMachine().Host)); err != nil {
		lock.Release()
		return nil, err
	}
	return lock, nil
}

// writeAbout writes config.json.
func (d *Dir) writeAbout() error {
	text, err := d.About.text()
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(d.Path, ConfigFile), func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// sweepUp removes what a killed process left of files it was writing.
func (d *Dir) sweepUp() error {
	for _, dir := range []string{d.Path, filepath.Join(d.Path, checkpoint.Folder)} {
		entries, err := os.ReadDir(dir)
		if err != nil {
			return fmt.Errorf("%s: expected a folder that can be read, got %w", dir, cause(err))
		}
		for _, e := range entries {
			if name := e.Name(); isLeft(name) {
				if err := os.Remove(filepath.Join(dir, name)); err != nil {
					return fmt.Errorf("%s: expected to remove the file, got %w", filepath.Join(dir, name), cause(err))
				}
			}
		}
	}
	return nil
}

// isLeft reports whether a file has the name of one that was being written.
func isLeft(name string) bool { return strings.HasPrefix(name, ".") && strings.HasSuffix(name, ".tmp") }

// cause is the operating system's part of an error.
func cause(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}
