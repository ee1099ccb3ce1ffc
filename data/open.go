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
// each plain or with .gz, also spelt with a dot, as in train-images.idx3-ubyte. Where both forms of a file are there the
// packed one is read, for it carries a checksum and an unpacked copy may be stale. The files are looked for in dir, dir/raw,
// dir/MNIST/raw (torchvision's layout), and in dir/*/raw where only one such folder has any of them.
//
// The sets have ten classes; [Read] reads others. They may be empty ([Set.Validate] tells) and strange ([Warnings]
// tells). Errors name the file at fault, or the folder and what was looked for, and are of type [*idx.Error].
func Open(dir string) (train, test *Set, err error) {
	folder, err := findFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	var paths [len(stems)]string
	for i, stem := range stems {
		if paths[i], err = findFile(folder, stem); err != nil {
			return nil, nil, err
		}
	}
	name := setName(folder)
	if train, err = Read(name+" train", paths[0], paths[1], classes); err != nil {
		return nil, nil, err
	}
	if test, err = Read(name+" test", paths[2], paths[3], classes); err != nil {
		return nil, nil, err
	}
	if test.Shape != train.Shape {
		return nil, nil, &idx.Error{Path: paths[2], Offset: secondDim,
			Expected: fmt.Sprintf("images of %s as in %s", sides(train), paths[0]), Got: sides(test)}
	}
	return train, test, nil
}

// classes is what MNIST and the sets that replace it file by file have.
const classes = 10

// stems are the names of the four files, in the order in which they are read. [spellings] has their other forms.
var stems = [...]string{"train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"}

// spellings returns the names a file may have, the preferred one first.
func spellings(stem string) []string {
	dotted := strings.Replace(stem, "-idx", ".idx", 1)
	return []string{stem + ".gz", dotted + ".gz", stem, dotted}
}

// findFolder returns the folder at or below dir that has data files.
func findFolder(dir string) (string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		e := &idx.Error{Path: dir, Offset: -1, Expected: "a readable folder", Got: err.Error(), Err: err}
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			e.Got = cause.Err.Error()
		}
		return "", e
	}
	for _, folder := range []string{dir, filepath.Join(dir, "raw"), filepath.Join(dir, "MNIST", "raw")} {
		if hasData(folder) {
			return folder, nil
		}
	}
	var found []string
	for _, entry := range entries {
		if folder := filepath.Join(dir, entry.Name(), "raw"); hasData(folder) {
			found = append(found, folder)
		}
	}
	switch len(found) {
	case 0:
		return "", &idx.Error{Path: dir, Offset: -1, Expected: strings.Join(stems[:], ", ") + ", with .gz or without", Got: "none of them",
			Hint: "looked in this folder and in raw, MNIST/raw and */raw below it"}
	case 1:
		return found[0], nil
	}
	return "", &idx.Error{Path: dir, Offset: -1, Expected: "one data set", Got: fmt.Sprint(len(found)), Hint: "choose one of " + strings.Join(found, ", ")}
}

func hasData(folder string) bool {
	for _, stem := range stems {
		if _, err := findFile(folder, stem); err == nil {
			return true
		}
	}
	return false
}

// findFile returns the path of the file with the given stem. A link that leads nowhere counts as there, so that reading
// it says what is wrong.
func findFile(folder, stem string) (string, error) {
	names := spellings(stem)
	for _, name := range names {
		path := filepath.Join(folder, name)
		if _, err := os.Lstat(path); err == nil {
			return path, nil
		}
	}
	return "", &idx.Error{Path: folder, Offset: -1, Expected: strings.Join(names, " or "), Got: "none of them"}
}

// setName returns the name of the folder, or of the one above where it is torchvision's raw.
func setName(folder string) string {
	if full, err := filepath.Abs(folder); err == nil {
		folder = full
	}
	if filepath.Base(folder) == "raw" {
		folder = filepath.Dir(folder)
	}
	return filepath.Base(folder)
}

func sides(s *Set) string { return fmt.Sprintf("%dx%d", s.Shape[1], s.Shape[2]) }
