package imagefolder

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"gradus/data"
	"gradus/internal/memory"
	"gradus/internal/regular"
)

// file is a sample that is not read yet.
type file struct {
	path  string
	label int32
}

// listing is the samples of a folder and the classes it was found to have.
type listing struct {
	classes []string
	files   []file
}

// list finds the samples of a folder. Classes that are given must hold those of the folder; nil takes the folder's.
func list(dir string, classes []string) (*listing, error) {
	folders, err := subfolders(dir)
	if err != nil {
		return nil, err
	}
	l := &listing{classes: classes}
	if classes == nil {
		if l.classes = folders; len(folders) == 0 {
			return nil, fault(dir, errors.New("expected a folder for each class, got none"))
		}
	}
	for _, name := range folders {
		label, ok := slices.BinarySearch(l.classes, name)
		if !ok {
			return nil, fault(filepath.Join(dir, name), fmt.Errorf("expected one of the %d classes of the training set, got another", len(l.classes)))
		}
		entries, err := read(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		for _, entry := range entries {
			path := filepath.Join(dir, name, entry.Name())
			if !IsImage(entry.Name()) {
				return nil, fault(path, errors.New("expected .png, .jpg or .jpeg files only in the folder of a class, got another"))
			}
			l.files = append(l.files, file{path, int32(label)})
		}
	}
	return l, nil
}

// IsImage reports whether a file is taken for an image: by the end of its name, .png, .jpg or .jpeg.
func IsImage(name string) bool {
	switch strings.ToLower(filepath.Ext(name)) {
	case ".png", ".jpg", ".jpeg":
		return true
	}
	return false
}

// subfolders returns the names of the folders in dir, links to folders among them, in the order of the names.
func subfolders(dir string) ([]string, error) {
	entries, err := read(dir)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, entry := range entries {
		if isFolder(filepath.Join(dir, entry.Name())) {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// read returns what is in a folder in the order of the names, but for what is hidden.
func read(dir string) ([]fs.DirEntry, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		refusal := regular.Unreadable(dir, err)
		refusal.Expected = "a readable folder"
		return nil, fault(dir, refusal)
	}
	return slices.DeleteFunc(entries, func(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), ".") }), nil
}

// load reads the pictures of files, on all cores. Of several faults the first in the order of the files is returned.
func load(files []file) ([]*picture, error) {
	pictures := make([]*picture, len(files))
	errs := make([]error, len(files))
	var next, failed atomic.Int64
	failed.Store(int64(len(files)))
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		workers.Go(func() {
			// What comes behind a fault needs no look; what comes before it does.
			for i := next.Add(1) - 1; i < failed.Load(); i = next.Add(1) - 1 {
				if pictures[i], errs[i] = readPicture(files[i].path); errs[i] != nil {
					for at := failed.Load(); i < at && !failed.CompareAndSwap(at, i); at = failed.Load() {
					}
				}
			}
		})
	}
	workers.Wait()
	for i, err := range errs {
		if err == nil && pictures[i] != nil && pictures[i].size() != pictures[0].size() {
			err = fault(files[i].path, fmt.Errorf("expected an image of %s as %s, got %s", pictures[0].size(), files[0].path, pictures[i].size()))
		}
		if err != nil {
			return nil, err
		}
	}
	return pictures, nil
}

// assemble makes a set of pictures, all of the size of the first.
func assemble(name string, classes []string, files []file, pictures []*picture, channels int) *data.Set {
	first := pictures[0]
	s := &data.Set{Name: name, Shape: [3]int{channels, first.height, first.width}, Classes: len(classes), ClassNames: classes}
	s.Images = make([]byte, 0, len(files)*s.ImageSize())
	memory.LargePages(s.Images[:cap(s.Images)])
	for i, p := range pictures {
		s.Images = append(s.Images, p.pixels...)
		for range s.ImageSize()/len(p.pixels) - 1 { // grey among coloured ones
			s.Images = append(s.Images, p.pixels...)
		}
		s.Labels = append(s.Labels, files[i].label)
	}
	return s
}

func fault(path string, err error) error {
	return fmt.Errorf("%s: %w", oneLine.Replace(path), err)
}

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)
