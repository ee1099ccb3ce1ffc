package source

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"gradus/data"
	"gradus/data/catalog"
	"gradus/data/idx"
	"gradus/data/imagefolder"
)

// Verified is a file or a folder that was found right.
type Verified struct {
	Path  string `json:"path"`
	Bytes int64  `json:"bytes,omitempty"`
	What  string `json:"what"` // what it holds
	// Published is the digest that it shares with the file of a published set, the set's title in Set. Without one only its form was
	// checked: a changed pixel is not seen.
	Published string `json:"published,omitempty"`
	Set       string `json:"set,omitempty"`
}

// Verify reads a file or a folder as a whole and returns what is right, or an error of one line for the first thing that is not. It
// takes an IDX file, packed or not; a PNG or JPEG image; a folder for [OpenFolder]; and a folder with the files of
// several sets, as EMNIST's. Files are compared with the digests of the set whose folder they lie in, or of the set they
// share another file with.
func Verify(path string) ([]Verified, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		v, err := verifyFile(path)
		return []Verified{v}, err
	}
	folders, err := data.Folders(path)
	if err != nil {
		return nil, err
	}
	if len(folders) == 0 {
		return verifyImages(path)
	}
	var all []Verified
	for _, folder := range folders {
		for _, prefix := range data.Prefixes(folder) {
			list, err := verifySet(folder, prefix)
			if err != nil {
				return nil, err
			}
			all = append(all, list...)
		}
	}
	return all, nil
}

// VerifyNamed is [Verify] for a set of the catalog.
func VerifyNamed(set catalog.Set, root string) ([]Verified, error) {
	checked, err := set.Check(root)
	if err != nil {
		return nil, err
	}
	if _, _, err := set.Open(root); err != nil {
		return nil, err
	}
	var list []Verified
	for _, c := range checked {
		list = append(list, describe(c, set))
	}
	return list, nil
}

func verifyImages(dir string) ([]Verified, error) {
	train, test, err := OpenFolder(dir)
	if err != nil {
		return nil, err
	}
	var list []Verified
	for _, s := range []*data.Set{train, test} {
		list = append(list, Verified{Path: dir, What: s.Name + ": " + Describe(s)})
	}
	return list, nil
}

func verifyFile(path string) (Verified, error) {
	if imagefolder.IsImage(path) {
		size, err := imagefolder.Check(path)
		return Verified{Path: path, What: "image of " + size}, err
	}
	home, _ := homeOf(filepath.Dir(path))
	for _, s := range catalog.Sets() {
		for _, f := range s.Files {
			if strings.TrimSuffix(f.Name, ".gz") != strings.TrimSuffix(filepath.Base(path), ".gz") {
				continue
			}
			c, err := catalog.Check(path, f)
			if err != nil && s.Class != home {
				continue // it may be another set's file of that name
			}
			if err != nil {
				return Verified{}, err
			}
			if c.Digest != "" {
				return describe(c, s), nil
			}
		}
	}
	c, err := catalog.Check(path, catalog.File{})
	if err != nil {
		return Verified{}, err
	}
	return describe(c, catalog.Set{}), nil
}

// homeOf returns the class whose folder this is, as torchvision names it.
func homeOf(folder string) (class string, ok bool) {
	if full, err := filepath.Abs(folder); err == nil {
		folder = full
	}
	if filepath.Base(folder) == "raw" {
		folder = filepath.Dir(folder)
	}
	for _, s := range catalog.Sets() {
		if s.Class == filepath.Base(folder) {
			return s.Class, true
		}
	}
	return "", false
}

// verifySet checks four files that belong together.
func verifySet(folder, prefix string) ([]Verified, error) {
	paths, err := data.Files(folder, prefix)
	if err != nil {
		return nil, err
	}
	if _, _, err := data.OpenPrefix(folder, prefix); err != nil {
		return nil, err
	}
	set, known, err := identify(folder, paths)
	if err != nil {
		return nil, err
	}
	var list []Verified
	for i, path := range paths {
		published := catalog.File{}
		if known {
			published = set[i].file
		}
		c, err := catalog.Check(path, published)
		if err != nil {
			return nil, err
		}
		list = append(list, describe(c, set[i].set))
	}
	return list, nil
}

// match is a file of the catalog.
type match struct {
	set  catalog.Set
	file catalog.File
}

// identify finds the set of the catalog that four files belong to: the one whose folder they lie in, or one of whose digests a
// file has.
func identify(folder string, paths [4]string) (matches [4]match, known bool, err error) {
	home, _ := homeOf(folder)
	sums, err := catalog.Sums(folder)
	if err != nil {
		return matches, false, err
	}
	for _, s := range catalog.Sets() {
		same, named := s.Class == home, true
		for i, path := range paths {
			f := s.Files[i]
			matches[i] = match{s, f}
			if digest, ok := sums[f.Name]; ok && s.Archive != nil {
				matches[i].file.Packed = digest
			}
			if strings.TrimSuffix(filepath.Base(path), ".gz") != strings.TrimSuffix(f.Name, ".gz") {
				named = false
				break
			}
			if c, err := catalog.Check(path, f); err == nil && c.Digest != "" {
				same = true
			}
		}
		if named && same {
			return matches, true, nil
		}
	}
	return [4]match{}, false, nil
}

func describe(c *catalog.Checked, set catalog.Set) Verified {
	v := Verified{Path: c.Path, Bytes: c.Bytes, What: shape(c.Data)}
	if c.Digest != "" {
		v.Published, v.Set = c.Digest.Named(), set.Title
		if c.Unpacked {
			v.Published = "unpacked " + v.Published
		}
	}
	return v
}

// shape describes the numbers of a file, such as uint8 60000x28x28.
func shape(f *idx.File) string {
	var sides []string
	for _, d := range f.Dims {
		sides = append(sides, strconv.Itoa(d))
	}
	return f.DType.String() + " " + strings.Join(sides, "x")
}

// Describe says what a set holds, such as 60000 images of 1x28x28 in 10 classes.
func Describe(s *data.Set) string {
	return fmt.Sprintf("%d images of %dx%dx%d in %d classes", s.Len(), s.Shape[0], s.Shape[1], s.Shape[2], s.Classes)
}
