package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"

	"gradus/internal/atomicfile"
)

// Store is the checkpoints of a run, in two places of its directory:
//
//	checkpoints/step-<N>.safetensors
//	best, last: the name of one of them
type Store struct {
	dir   string
	fs    atomicfile.FS
	keep  int
	steps []int // of the checkpoints that are there, ascending
	best  string
}

// Folder is where a run's directory has its checkpoints.
const Folder = "checkpoints"

// Names of the files that name a checkpoint.
const (
	BestFile = "best"
	LastFile = "last"
)

// Name is the name of the checkpoint after so many steps.
func Name(step int) string { return "step-" + strconv.Itoa(step) + ".safetensors" }

// StepOf is the step in the name of a checkpoint.
func StepOf(name string) (step int, ok bool) {
	digits, ok := strings.CutPrefix(name, "step-")
	if !ok {
		return 0, false
	}
	if digits, ok = strings.CutSuffix(digits, ".safetensors"); !ok {
		return 0, false
	}
	step, err := strconv.Atoi(digits)
	return step, err == nil && Name(step) == name
}

// Path is where a run's directory has the checkpoint after so many steps.
func Path(dir string, step int) string { return filepath.Join(dir, Folder, Name(step)) }

// Steps lists the checkpoints of a run's directory, ascending, whether they can
// be read or not.
func Steps(dir string) ([]int, error) {
	entries, err := os.ReadDir(filepath.Join(dir, Folder))
	if err != nil {
		return nil, fmt.Errorf("%s: expected a folder that can be read, got %w", filepath.Join(dir, Folder), cause(err))
	}
	var steps []int
	for _, e := range entries {
		if step, ok := StepOf(e.Name()); ok {
			steps = append(steps, step)
		}
	}
	slices.Sort(steps)
	return steps, nil
}

// NewStore continues the checkpoints of a run's directory, whose steps are
// given. It keeps the newest and the best.
func NewStore(dir string, sys atomicfile.FS, keep int, steps []int) *Store {
	return &Store{dir: dir, fs: sys, keep: keep, steps: slices.Clone(steps)}
}

// Save writes a checkpoint. When it is certain to outlast a crash, saved is
// called with its path, and only then are older ones removed: all but the newest
// and the best. When Save returns an error and saved was not called, the
// checkpoints from before are all there.
func (s *Store) Save(c *Checkpoint, saved func(path string)) error {
	path := Path(s.dir, c.Steps)
	if err := s.replace(path, c); err != nil {
		return err
	}
	s.steps = slices.DeleteFunc(s.steps, func(step int) bool { return step == c.Steps })
	s.steps = append(s.steps, c.Steps)
	slices.Sort(s.steps)
	// Where a newer checkpoint was damaged, the best one then may be gone with
	// what the newer one replaced. It will be replaced again.
	if c.Best != nil && Name(c.Best.Step) != s.best && slices.Contains(s.steps, c.Best.Step) {
		if err := s.point(BestFile, c.Best.Step); err != nil {
			return err
		}
		s.best = Name(c.Best.Step)
	}
	if err := s.point(LastFile, c.Steps); err != nil {
		return err
	}
	if saved != nil {
		saved(path)
	}
	return s.prune(c)
}

// point makes a file that names a checkpoint. A crash may lose it: who reads it
// checks what it names, and finds the same in the newest checkpoint.
func (s *Store) point(file string, step int) error {
	return atomicfile.Swap(s.fs, filepath.Join(s.dir, file), func(w io.Writer) error {
		_, err := io.WriteString(w, Name(step)+"\n")
		return err
	})
}

// replace writes a checkpoint's file. Where there is no room the error says how
// much is needed.
func (s *Store) replace(path string, c *Checkpoint) error {
	err := atomicfile.Replace(s.fs, path, c.write)
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("%w; about %d bytes are needed%s", err, c.size(), free(s.dir))
	}
	return err
}

// prune removes what is neither among the newest nor the best.
func (s *Store) prune(c *Checkpoint) error {
	var left []int
	for i, step := range s.steps {
		if i >= len(s.steps)-s.keep || c.Best != nil && step == c.Best.Step {
			left = append(left, step)
			continue
		}
		if err := s.fs.Remove(Path(s.dir, step)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: expected to remove the file, got %w", Path(s.dir, step), cause(err))
		}
	}
	s.steps = left
	return nil
}

// Pointed is the path of the checkpoint that the file best or last names; not
// ok where there is no such file, or it names none that is there.
func Pointed(dir, file string) (path string, ok bool) {
	f, err := os.Open(filepath.Join(dir, file))
	if err != nil {
		return "", false
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, 100))
	if err != nil {
		return "", false
	}
	step, ok := StepOf(strings.TrimSpace(string(text)))
	if !ok {
		return "", false
	}
	info, err := os.Stat(Path(dir, step))
	return Path(dir, step), err == nil && info.Mode().IsRegular()
}

// cause is the operating system's part of an error.
func cause(err error) error {
	if errno, ok := errors.AsType[syscall.Errno](err); ok {
		return errno
	}
	return err
}
