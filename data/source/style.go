package source

import (
	"gradus/data/catalog"
	"gradus/data/picture"
)

// Style returns what the images of a data set look like. Of folders nothing is
// known: their images are taken whole.
func Style(name string) picture.Style {
	set, ok := catalog.Find(name)
	switch {
	case !ok:
		return picture.Whole
	case set.Name == "fashionmnist":
		return picture.Clothes
	}
	return picture.Digits
}
