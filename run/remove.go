package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gradus/run/checkpoint"
)

// Remove removes a run's directory. One that a process trains, and one with
// files in it that are not a run's, are refused, and then nothing is removed.
func Remove(dir string) error {
	if !isRun(dir) {
		return fmt.Errorf("%s: expected the directory of a run, got none", dir)
	}
	d := &Dir{Path: dir}
	holder, err := d.Holder()
	if err != nil {
		return err
	}
	if holder != "" {
		return fmt.Errorf("%s: expected a run that nobody trains, got one held by %s", dir, holder)
	}
	var paths []string // folders behind what is in them
	for _, folder := range []string{filepath.Join(dir, checkpoint.Folder), dir} {
		entries, err := os.ReadDir(folder)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s: expected a folder that can be read, got %w", folder, cause(err))
		}
		for _, e := range entries {
			path := filepath.Join(folder, e.Name())
			switch {
			case folder == dir && e.Name() == checkpoint.Folder && e.IsDir():
			case !e.IsDir() && isOurs(e.Name(), folder == dir):
				paths = append(paths, path)
			default:
				return fmt.Errorf("%s: expected files of a run only, got this", path)
			}
		}
		paths = append(paths, folder)
	}
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("%s: expected to remove it, got %w", path, cause(err))
		}
	}
	return nil
}

// isOurs reports whether a file has a name that runs give.
func isOurs(name string, top bool) bool {
	if isLeft(name) {
		return true
	}
	if !top {
		_, ok := checkpoint.StepOf(strings.TrimSuffix(name, ".corrupt"))
		return ok
	}
	if strings.HasPrefix(name, MetricsFile+".broken") {
		return true
	}
	return slices.Contains([]string{ConfigFile, MetricsFile, LockFile, checkpoint.BestFile, checkpoint.LastFile}, name)
}
