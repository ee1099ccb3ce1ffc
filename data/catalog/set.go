package catalog

import (
	"path/filepath"
	"strings"

	"gradus/internal/spell"
)

// Set is a public data set.
type Set struct {
	Name  string // what a user calls it, in lower case: fashionmnist
	Title string // what its authors call it: Fashion-MNIST
	Class string // torchvision's class, which names its folder

	Classes    int
	ClassNames []string // nil where they are the labels' numbers
	Samples    [2]int   // for training, for the test
	Prefix     string   // of the names of its files
	FirstLabel int      // the label of class 0
	Transposed bool     // images are stored column by column

	Mirrors []string // folders on the web, each ending in a slash, the preferred one first
	// Files are the training images, training labels, test images and test labels.
	Files [4]File
	// Archive is the zip file that holds Files; nil where each is published by itself.
	Archive *File
}

// File is a file as it is published.
type File struct {
	Name     string
	Packed   Digest // of the file; none where it comes in an archive
	Unpacked Digest // of what is in it, without gzip; none where nobody published it
	MaxSize  int64  // more bytes than any packing of the content needs
}

// Folder is where a set's files lie below the root of all data.
func (s Set) Folder(root string) string { return filepath.Join(root, s.Class, "raw") }

// Find returns the set with a name, however it is written: FashionMNIST, fashion-mnist.
func Find(name string) (Set, bool) {
	for _, s := range Sets() {
		if plain(s.Name) == plain(name) {
			return s, true
		}
	}
	return Set{}, false
}

// Names returns the names of all sets, in the order of [Sets].
func Names() []string {
	var names []string
	for _, s := range Sets() {
		names = append(names, s.Name)
	}
	return names
}

// Nearest returns the name that a misspelt one was meant to be.
func Nearest(name string) (string, bool) { return spell.Nearest(plain(name), Names()) }

var separators = strings.NewReplacer("-", "", "_", "", " ", "")

func plain(name string) string { return separators.Replace(strings.ToLower(name)) }
