// Package source opens what a user names: the data set inside the program, a set of the catalog, or a folder.
package source

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"gradus/data"
	"gradus/data/catalog"
	"gradus/data/idx"
	"gradus/data/imagefolder"
	"gradus/data/mnist"
)

// Embedded is the name of the set inside the program.
const Embedded = "mnist"

// IsEmbedded reports whether a name means the set inside the program.
func IsEmbedded(name string) bool {
	set, ok := catalog.Find(name)
	return ok && set.Name == Embedded
}

// Open reads a training and a test set. A name of the catalog, however it is written, comes before a folder of that name; root
// is the folder of the catalog's sets, and "" the usual one ([catalog.Root]). Anything else is a folder: of IDX files
// ([data.Open]) or of images ([imagefolder.Open]). Nothing is downloaded.
func Open(name, root string) (train, test *data.Set, err error) {
	set, ok := catalog.Find(name)
	switch {
	case ok && set.Name == Embedded:
		return openEmbedded()
	case ok:
		if root, err = catalog.Root(root); err != nil {
			return nil, nil, err
		}
		return set.Open(root)
	}
	train, test, err = OpenFolder(name)
	return train, test, hint(name, err)
}

func openEmbedded() (train, test *data.Set, err error) {
	if train, err = mnist.Train(); err != nil {
		return nil, nil, err
	}
	test, err = mnist.Test()
	return train, test, err
}

// OpenFolder reads a training and a test set from a folder of IDX files or of images.
func OpenFolder(dir string) (train, test *data.Set, err error) {
	if !data.HasFiles(dir) && imagefolder.Is(dir) {
		return imagefolder.Open(dir)
	}
	train, test, err = data.Open(dir)
	if e := (*idx.Error)(nil); errors.As(err, &e) && e.Got == "none of them" && e.Path == dir && !data.HasFiles(dir) {
		hinted := *e
		hinted.Expected = "a data set of IDX files, or a folder of PNG or JPEG images for each class"
		hinted.Got = "neither"
		err = &hinted
	}
	return train, test, err
}

// hint says what may have been meant by a name that is no folder.
func hint(name string, err error) error {
	e := (*idx.Error)(nil)
	if !errors.As(err, &e) || !errors.Is(err, os.ErrNotExist) || e.Path != name || e.Hint != "" {
		return err
	}
	hinted := *e
	if strings.EqualFold(name, "emnist") {
		var splits []string
		for _, n := range catalog.Names() {
			if strings.HasPrefix(n, "emnist-") {
				splits = append(splits, n)
			}
		}
		hinted.Hint = "EMNIST has the sets " + strings.Join(splits, ", ")
	} else if near, ok := catalog.Nearest(name); ok {
		hinted.Hint = fmt.Sprintf("did you mean the set %s?", near)
	}
	return &hinted
}
