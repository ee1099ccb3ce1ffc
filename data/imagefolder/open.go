package imagefolder

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"

	"gradus/data"
	"gradus/random"
)

// The folders of the two sets.
const (
	trainFolder = "train"
	testFolder  = "test"
)

// Is reports whether dir looks like a folder for [Open]: it has folders, and train is one of them or one has images.
func Is(dir string) bool {
	names, err := subfolders(dir)
	if err != nil {
		return false
	}
	for _, name := range names {
		if name == trainFolder {
			return true
		}
		entries, err := read(filepath.Join(dir, name))
		if err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return IsImage(e.Name()) }) {
			return true
		}
	}
	return false
}

// Open reads the training and the test set of a folder. Where it has no folders train and test, a sixth of its images, rounded
// down but at least one, is the test set: the last ones of a permutation that depends on their number alone, so
// that the same folder is always split in the same way, whatever the seed of a training. (MNIST has six training images for
// each test image, too.)
//
// Both sets have the mean and the standard deviation of all pixels of the training images, all channels taken together,
// computed in float64. Errors are one line and name the file or folder at fault.
func Open(dir string) (train, test *data.Set, err error) {
	parts, err := subfolders(dir)
	if err != nil {
		return nil, nil, err
	}
	hasTrain, hasTest := slices.Contains(parts, trainFolder), slices.Contains(parts, testFolder)
	switch {
	case hasTrain && hasTest:
		train, test, err = openTwo(dir)
	case hasTrain || hasTest:
		return nil, nil, fault(dir, errors.New("expected train and test, or a folder for each class, got one of the two"))
	default:
		train, test, err = openOne(dir)
	}
	if err != nil {
		return nil, nil, err
	}
	mean, std := train.Moments()
	train.Mean, train.Std = float32(mean), float32(std)
	test.Mean, test.Std = train.Mean, train.Std
	return train, test, nil
}

func openTwo(dir string) (train, test *data.Set, err error) {
	forTraining, err := list(filepath.Join(dir, trainFolder), nil)
	if err != nil {
		return nil, nil, err
	}
	forTest, err := list(filepath.Join(dir, testFolder), forTraining.classes)
	if err != nil {
		return nil, nil, err
	}
	for i, l := range []*listing{forTraining, forTest} {
		if len(l.files) == 0 {
			return nil, nil, fault(filepath.Join(dir, []string{trainFolder, testFolder}[i]), errors.New("expected at least 1 image, got 0"))
		}
	}
	files := slices.Concat(forTraining.files, forTest.files)
	all, err := readAll(dir, forTraining.classes, files)
	if err != nil {
		return nil, nil, err
	}
	n := len(forTraining.files)
	train, test = all.Slice(0, n), all.Slice(n, len(files))
	train.Name, test.Name = all.Name+" train", all.Name+" test"
	return train, test, nil
}

// testShare is how many times smaller than the whole the test set of an undivided folder is.
const testShare = 6

func openOne(dir string) (train, test *data.Set, err error) {
	l, err := list(dir, nil)
	if err != nil {
		return nil, nil, err
	}
	n := len(l.files)
	if n < 2 {
		return nil, nil, fault(dir, fmt.Errorf("expected at least 2 images, one for training and one for the test, got %d", n))
	}
	all, err := readAll(dir, l.classes, l.files)
	if err != nil {
		return nil, nil, err
	}
	order := make([]int32, n)
	random.New(0, "test").Perm(order)
	first := n - max(1, n/testShare)
	// The samples of each part stay in the order of the files.
	slices.Sort(order[:first])
	slices.Sort(order[first:])
	train, test = all.Subset(order[:first]), all.Subset(order[first:])
	train.Name, test.Name = all.Name+" train", all.Name+" test"
	return train, test, nil
}

// readAll reads files as one set without mean and standard deviation.
func readAll(dir string, classes []string, files []file) (*data.Set, error) {
	pictures, err := load(files)
	if err != nil {
		return nil, err
	}
	channels := 1
	if slices.ContainsFunc(pictures, func(p *picture) bool { return !p.grey }) {
		channels = 3
	}
	name := dir
	if full, err := filepath.Abs(dir); err == nil {
		name = full
	}
	return assemble(filepath.Base(name), classes, files, pictures, channels), nil
}
