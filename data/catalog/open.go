package catalog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gradus/data"
	"gradus/data/idx"
)

// AbsentError says that a set is not on this machine.
type AbsentError struct {
	Set  Set
	Path string // of the first file that is missing
}

// Error says how to get it: nothing is downloaded unasked.
func (e *AbsentError) Error() string {
	return fmt.Sprintf("%s: expected %s, got no such file; gradus data fetch %s downloads it", e.Set.Name, e.Path, e.Set.Name)
}

// Unwrap is fs.ErrNotExist.
func (e *AbsentError) Unwrap() error { return fs.ErrNotExist }

// Open reads the training and the test set from below root, and compares every file's digest. What is missing is an [AbsentError]; the
// line of what is damaged says how to fetch it anew.
func (s Set) Open(root string) (train, test *data.Set, err error) {
	published, err := s.published(root)
	if err != nil {
		return nil, nil, err
	}
	for _, f := range s.Files {
		if _, err := s.locate(root, f); err != nil {
			return nil, nil, err
		}
	}
	format := data.Format{
		Classes: s.Classes, FirstLabel: s.FirstLabel, Transposed: s.Transposed,
		ReadFile: func(path string) (*idx.File, error) {
			c, err := Check(path, published[strings.TrimSuffix(filepath.Base(path), ".gz")])
			if err != nil {
				return nil, s.again(err)
			}
			return c.Data, nil
		},
	}
	if train, test, err = format.Open(s.Folder(root), s.Prefix, s.Title); err != nil {
		return nil, nil, err
	}
	train.ClassNames, test.ClassNames = s.ClassNames, s.ClassNames
	return train, test, nil
}

// Check reads the four files from below root and compares their digests. Errors are those of [Set.Open].
func (s Set) Check(root string) ([]*Checked, error) {
	published, err := s.published(root)
	if err != nil {
		return nil, err
	}
	var list []*Checked
	for _, f := range s.Files {
		path, err := s.locate(root, f)
		if err != nil {
			return nil, err
		}
		c, err := Check(path, published[strings.TrimSuffix(f.Name, ".gz")])
		if err != nil {
			return nil, s.again(err)
		}
		list = append(list, c)
	}
	return list, nil
}

// published returns the files by their names without .gz, with what is known of those that came in an archive.
func (s Set) published(root string) (map[string]File, error) {
	list := map[string]File{}
	var known map[string]Digest
	if s.Archive != nil {
		var err error
		if known, err = Sums(s.Folder(root)); err != nil {
			return nil, s.again(err)
		}
	}
	for _, f := range s.Files {
		if d, ok := known[f.Name]; ok {
			f.Packed = d
		}
		list[strings.TrimSuffix(f.Name, ".gz")] = f
	}
	return list, nil
}

// locate returns the path of a file: packed, or unpacked as torchvision leaves it.
func (s Set) locate(root string, f File) (string, error) {
	packed := filepath.Join(s.Folder(root), f.Name)
	for _, path := range []string{packed, strings.TrimSuffix(packed, ".gz")} {
		if _, err := os.Lstat(path); err == nil {
			return path, nil
		}
	}
	return "", &AbsentError{s, packed}
}

// again tells what to do about a damaged file.
func (s Set) again(err error) error {
	e := (*idx.Error)(nil)
	if errors.As(err, &e) {
		hinted := *e
		if hinted.Hint != "" {
			hinted.Hint += "; "
		}
		hinted.Hint += "gradus data fetch " + s.Name + " fetches it anew"
		return &hinted
	}
	return err
}

// IsThere reports whether all files of the set are below root. It does not look into them.
func (s Set) IsThere(root string) bool {
	for _, f := range s.Files {
		if _, err := s.locate(root, f); err != nil {
			return false
		}
	}
	return true
}
