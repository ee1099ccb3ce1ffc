package data

import (
	"fmt"

	"gradus/data/idx"
)

// Read reads a set from two IDX files, plain or packed by gzip: images, bytes of N x height x width, and labels, N bytes of
// 0..classes-1. The set gets MNIST's Mean and Std and the given name. It may be empty: [Set.Validate] tells.
//
// Errors name the file at fault and are of type [*idx.Error].
func Read(name, images, labels string, classes int) (*Set, error) {
	pixels, err := readRank(images, 3, "images")
	if err != nil {
		return nil, err
	}
	numbers, err := readRank(labels, 1, "labels")
	if err != nil {
		return nil, err
	}
	if pixels.Len() != numbers.Len() {
		return nil, &idx.Error{Path: labels, Offset: firstDim,
			Expected: fmt.Sprintf("%d labels for the %d images of %s", pixels.Len(), pixels.Len(), images), Got: fmt.Sprint(numbers.Len())}
	}
	s := &Set{
		Name:    name,
		Images:  pixels.Data,
		Shape:   [3]int{1, pixels.Dims[1], pixels.Dims[2]},
		Labels:  make([]int32, numbers.Len()),
		Classes: classes,
		Mean:    MNISTMean,
		Std:     MNISTStd,
	}
	for i, b := range numbers.Data {
		s.Labels[i] = int32(b)
	}
	if i := firstOutside(s.Labels, classes); i >= 0 {
		return nil, &idx.Error{Path: labels, Offset: int64(numbers.HeaderSize() + i),
			Expected: fmt.Sprintf("label of item %d in 0..%d", i, classes-1), Got: fmt.Sprint(s.Labels[i])}
	}
	return s, nil
}

// Offsets in the header of an IDX file.
const (
	dtypeByte = 2
	rankByte  = 3
	firstDim  = 4
	secondDim = 8
)

// readRank reads a file of bytes with the given number of dimensions.
func readRank(path string, rank int, what string) (*idx.File, error) {
	f, err := idx.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if f.DType != idx.Uint8 {
		return nil, &idx.Error{Path: path, Offset: dtypeByte, Expected: what + " of dtype uint8", Got: f.DType.String()}
	}
	if got := len(f.Dims); got != rank {
		return nil, &idx.Error{Path: path, Offset: rankByte,
			Expected: fmt.Sprintf("rank %d %s", rank, what), Got: fmt.Sprintf("rank %d", got), Hint: usualContent(got)}
	}
	for i, d := range f.Dims[1:] {
		if d == 0 {
			return nil, &idx.Error{Path: path, Offset: int64(secondDim + 4*i), Expected: "at least 1 pixel a side", Got: "0"}
		}
	}
	return f, nil
}

// usualContent is a hint for files that were taken for each other.
func usualContent(rank int) string {
	switch rank {
	case 1:
		return "labels file?"
	case 3:
		return "images file?"
	}
	return ""
}
