package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"gradus/data/idx"
)

// Open reads the training and the test set of a folder: the four files
//
//	train-images-idx3-ubyte  train-labels-idx1-ubyte  t10k-images-idx3-ubyte  t10k-labels-idx1-ubyte
//
// each plain or with .gz, also spelt with a dot, as in train-images.idx3-ubyte. All four may begin with the name of their set and
// a dash, "test" may stand for "t10k", and labels may be QMNIST's train-labels-idx2-int. Where both forms of a file are
// there the packed one is read, for it carries a checksum and an unpacked copy may be stale. The files are looked for in dir,
// dir/raw, dir/MNIST/raw (torchvision's layout), and in dir/*/raw where only one such folder has any of them.
//
// The training labels say how many classes there are, as [Format].Classes describes. Files of EMNIST, known by their names, are
// turned upright, and its letters counted from 0. Sets may be empty ([Set.Validate] tells) and strange ([Warnings] tells).
// Errors name the file at fault, or the folder and what was looked for, and are of type [*idx.Error].
func Open(dir string) (train, test *Set, err error) {
	folder, err := findFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	prefix, err := onlyPrefix(folder)
	if err != nil {
		return nil, nil, err
	}
	return OpenPrefix(folder, prefix)
}

// OpenPrefix is [Open] for the four files of a folder whose names begin with prefix, which may be "".
func OpenPrefix(folder, prefix string) (train, test *Set, err error) {
	format := Format{Transposed: strings.HasPrefix(prefix, "emnist-")}
	if prefix == "emnist-letters-" {
		format.FirstLabel = 1
	}
	return format.Open(folder, prefix, setName(folder, prefix))
}

// Open reads the four files of a folder whose names begin with prefix, which may be "". The sets are called name train and name
// test; the test set has the classes of the training set. Errors are of type [*idx.Error].
func (f Format) Open(folder, prefix, name string) (train, test *Set, err error) {
	files, err := Files(folder, prefix)
	if err != nil {
		return nil, nil, err
	}
	if train, err = f.Read(name+" train", files[0], files[1]); err != nil {
		return nil, nil, err
	}
	f.Classes = train.Classes
	if test, err = f.Read(name+" test", files[2], files[3]); err != nil {
		return nil, nil, err
	}
	if test.Shape != train.Shape {
		return nil, nil, &idx.Error{Path: files[2], Offset: secondDim,
			Expected: fmt.Sprintf("images of %s as in %s", sides(train), files[0]), Got: sides(test)}
	}
	return train, test, nil
}

// Files returns the paths of the four files of a folder whose names begin with prefix: training images, training labels, test
// images, test labels. Errors are of type [*idx.Error].
func Files(folder, prefix string) (paths [4]string, err error) {
	for i, stems := range stems {
		if paths[i], err = findFile(folder, prefix, stems); err != nil {
			return paths, err
		}
	}
	return paths, nil
}

// stems are the names of the four files, in the order in which they are read, the usual one first. [spellings] has their
// other forms.
var stems = [4][]string{
	{"train-images-idx3-ubyte"},
	{"train-labels-idx1-ubyte", "train-labels-idx2-int"},
	{"t10k-images-idx3-ubyte", "test-images-idx3-ubyte"},
	{"t10k-labels-idx1-ubyte", "test-labels-idx1-ubyte", "test-labels-idx2-int"},
}

// spellings returns the names a file may have, the preferred one first.
func spellings(stem string) []string {
	dotted := strings.Replace(stem, "-idx", ".idx", 1)
	return []string{stem + ".gz", dotted + ".gz", stem, dotted}
}

// HasFiles reports whether [Open] finds any of its files at or below dir.
func HasFiles(dir string) bool {
	folders, err := Folders(dir)
	return err == nil && len(folders) > 0
}

// findFolder returns the folder at or below dir that has data files.
func findFolder(dir string) (string, error) {
	found, err := Folders(dir)
	switch {
	case err != nil:
		return "", err
	case len(found) == 1:
		return found[0], nil
	case len(found) > 1:
		return "", &idx.Error{Path: dir, Offset: -1, Expected: "one data set", Got: fmt.Sprint(len(found)), Hint: "choose one of " + strings.Join(found, ", ")}
	}
	var usual []string
	for _, stems := range stems {
		usual = append(usual, stems[0])
	}
	return "", &idx.Error{Path: dir, Offset: -1, Expected: strings.Join(usual, ", ") + ", with .gz or without", Got: "none of them",
		Hint: "looked in this folder and in raw, MNIST/raw and */raw below it"}
}

// Folders returns the folders at or below dir that have data files; one that goes before others comes alone.
func Folders(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		e := &idx.Error{Path: dir, Offset: -1, Expected: "a readable folder", Got: err.Error(), Err: err}
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			e.Got = cause.Err.Error()
		}
		return nil, e
	}
	for _, folder := range []string{dir, filepath.Join(dir, "raw"), filepath.Join(dir, "MNIST", "raw")} {
		if len(Prefixes(folder)) > 0 {
			return []string{folder}, nil
		}
	}
	var found []string
	for _, entry := range entries {
		if folder := filepath.Join(dir, entry.Name(), "raw"); len(Prefixes(folder)) > 0 {
			found = append(found, folder)
		}
	}
	return found, nil
}

// Prefixes returns what stands before the usual names of data files in a folder, in order; "" stands for nothing. A folder
// that cannot be read has none.
func Prefixes(folder string) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var found []string
	seen := map[string]bool{}
	for _, entry := range entries {
		if prefix, ok := prefixOf(entry.Name()); ok && !seen[prefix] {
			seen[prefix] = true
			found = append(found, prefix)
		}
	}
	return found
}

// prefixOf returns what stands before one of the usual names.
func prefixOf(name string) (prefix string, ok bool) {
	for _, stems := range stems {
		for _, stem := range stems {
			for _, spelling := range spellings(stem) {
				if prefix, ok := strings.CutSuffix(name, spelling); ok && (prefix == "" || strings.HasSuffix(prefix, "-")) {
					return prefix, true
				}
			}
		}
	}
	return "", false
}

// onlyPrefix returns the one prefix of a folder that has files.
func onlyPrefix(folder string) (string, error) {
	all := Prefixes(folder)
	if len(all) == 1 {
		return all[0], nil
	}
	var names []string
	for _, prefix := range all {
		if prefix == "" {
			return "", nil
		}
		names = append(names, strings.TrimSuffix(prefix, "-"))
	}
	return "", &idx.Error{Path: folder, Offset: -1, Expected: "one data set", Got: fmt.Sprint(len(all)),
		Hint: "it has " + strings.Join(names, ", ") + ": name one, or keep one in a folder"}
}

// findFile returns the path of the file with one of the given stems. A link that leads nowhere counts as there, so that
// reading it says what is wrong.
func findFile(folder, prefix string, stems []string) (string, error) {
	for _, stem := range stems {
		for _, name := range spellings(stem) {
			path := filepath.Join(folder, prefix+name)
			if _, err := os.Lstat(path); err == nil {
				return path, nil
			}
		}
	}
	var names []string
	for _, name := range spellings(stems[0]) {
		names = append(names, prefix+name)
	}
	return "", &idx.Error{Path: folder, Offset: -1, Expected: strings.Join(names, " or "), Got: "none of them"}
}

// setName returns the name of the files' set where they have one, or of the folder, or of the one above where it is
// torchvision's raw.
func setName(folder, prefix string) string {
	if prefix != "" {
		return strings.TrimSuffix(prefix, "-")
	}
	if full, err := filepath.Abs(folder); err == nil {
		folder = full
	}
	if filepath.Base(folder) == "raw" {
		folder = filepath.Dir(folder)
	}
	return filepath.Base(folder)
}

func sides(s *Set) string { return fmt.Sprintf("%dx%d", s.Shape[1], s.Shape[2]) }
