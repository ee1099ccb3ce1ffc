package data

import (
	"encoding/binary"
	"fmt"

	"gradus/data/idx"
)

// Read reads a set from two IDX files, plain or packed by gzip: images, bytes of N x height x width, and labels, N bytes of
// 0..classes-1. It is [Format.Read] of the format that MNIST has.
func Read(name, images, labels string, classes int) (*Set, error) {
	return Format{Classes: classes}.Read(name, images, labels)
}

// Format says how two IDX files hold a set, as far as the files do not say it themselves.
type Format struct {
	// Classes is the number of classes. 0 finds it in the labels: ten, the MNIST family's number, or more where labels go
	// beyond and every class up to the largest label has a sample.
	Classes int
	// FirstLabel is the label of class 0 in the file: EMNIST numbers letters from 1.
	FirstLabel int
	// Transposed images are stored column by column, as EMNIST's are.
	Transposed bool
	// ReadFile reads a file; nil means [idx.ReadFile]. Who knows the files' digests can look at them here.
	ReadFile func(path string) (*idx.File, error)
}

// familyClasses is what MNIST and the sets that replace it file by file have.
const familyClasses = 10

// Read reads images, bytes of N x height x width, and labels: N bytes, or N rows of 32-bit numbers whose first column is the
// label, as QMNIST has them. The set gets MNIST's Mean and Std and the given name. It may be empty: [Set.Validate] tells.
//
// Errors name the file at fault and are of type [*idx.Error].
func (f Format) Read(name, images, labels string) (*Set, error) {
	pixels, err := f.images(images)
	if err != nil {
		return nil, err
	}
	numbers, err := f.readFile(labels)
	if err != nil {
		return nil, err
	}
	column, err := labelsOf(numbers, labels)
	if err != nil {
		return nil, err
	}
	if pixels.Len() != column.len() {
		return nil, &idx.Error{Path: labels, Offset: firstDim,
			Expected: fmt.Sprintf("%d labels for the %d images of %s", pixels.Len(), pixels.Len(), images), Got: fmt.Sprint(column.len())}
	}
	s := &Set{
		Name:   name,
		Images: pixels.Data,
		Shape:  [3]int{1, pixels.Dims[1], pixels.Dims[2]},
		Labels: make([]int32, column.len()),
		Mean:   MNISTMean,
		Std:    MNISTStd,
	}
	if f.Transposed {
		transpose(s)
	}
	for i := range s.Labels {
		s.Labels[i] = column.at(i) - int32(f.FirstLabel)
	}
	hint := ""
	if s.Classes = f.Classes; s.Classes == 0 {
		s.Classes, hint = countClasses(s.Labels)
	}
	if i := firstOutside(s.Labels, s.Classes); i >= 0 {
		return nil, &idx.Error{Path: labels, Offset: column.offset(i),
			Expected: fmt.Sprintf("label of item %d in %d..%d", i, f.FirstLabel, f.FirstLabel+s.Classes-1), Got: fmt.Sprint(column.at(i)), Hint: hint}
	}
	return s, nil
}

func (f Format) readFile(path string) (*idx.File, error) {
	if f.ReadFile != nil {
		return f.ReadFile(path)
	}
	return idx.ReadFile(path)
}

// Offsets in the header of an IDX file.
const (
	dtypeByte = 2
	rankByte  = 3
	firstDim  = 4
	secondDim = 8
)

// images reads a file of images: bytes in three dimensions.
func (f Format) images(path string) (*idx.File, error) {
	file, err := f.readFile(path)
	if err != nil {
		return nil, err
	}
	if file.DType != idx.Uint8 {
		return nil, &idx.Error{Path: path, Offset: dtypeByte, Expected: "images of dtype uint8", Got: file.DType.String()}
	}
	if rank := len(file.Dims); rank != 3 {
		return nil, wrongRank(path, 3, "images", rank)
	}
	for i, d := range file.Dims[1:] {
		if d == 0 {
			return nil, &idx.Error{Path: path, Offset: int64(secondDim + 4*i), Expected: "at least 1 pixel a side", Got: "0"}
		}
	}
	return file, nil
}

// column is the labels of a file: the first number of each row.
type column struct {
	file *idx.File
	row  int // numbers in a row
}

func labelsOf(file *idx.File, path string) (column, error) {
	if file.DType == idx.Int32 && len(file.Dims) == 2 && file.Dims[1] > 0 {
		return column{file, file.Dims[1]}, nil
	}
	if file.DType != idx.Uint8 {
		return column{}, &idx.Error{Path: path, Offset: dtypeByte, Expected: "labels of dtype uint8", Got: file.DType.String()}
	}
	if rank := len(file.Dims); rank != 1 {
		return column{}, wrongRank(path, 1, "labels", rank)
	}
	return column{file, 1}, nil
}

func (c column) len() int { return c.file.Len() }

func (c column) at(i int) int32 {
	if c.file.DType == idx.Uint8 {
		return int32(c.file.Data[i])
	}
	return int32(binary.BigEndian.Uint32(c.file.Data[4*c.row*i:]))
}

func (c column) offset(i int) int64 {
	return int64(c.file.HeaderSize()) + int64(i)*int64(c.row)*int64(c.file.DType.Size())
}

func wrongRank(path string, expected int, what string, got int) error {
	return &idx.Error{Path: path, Offset: rankByte,
		Expected: fmt.Sprintf("rank %d %s", expected, what), Got: fmt.Sprintf("rank %d", got), Hint: usualContent(got)}
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

// countClasses finds the number of classes in labels. A single number beyond the family's ten is more likely damage than a
// class, so more classes count only where each has a sample; the hint says so.
func countClasses(labels []int32) (classes int, hint string) {
	var seen [256]bool // labels of more classes come in no format of the family
	largest := int32(-1)
	for _, l := range labels {
		if l < 0 || int(l) >= len(seen) {
			return familyClasses, ""
		}
		seen[l] = true
		largest = max(largest, l)
	}
	if largest < familyClasses {
		return familyClasses, ""
	}
	for l := range largest {
		if !seen[l] {
			return familyClasses, fmt.Sprintf("more classes would each need a sample, and %d has none", l)
		}
	}
	return int(largest) + 1, ""
}

// transpose swaps the rows and columns of every image.
func transpose(s *Set) {
	height, width := s.Shape[1], s.Shape[2]
	s.Shape[1], s.Shape[2] = width, height
	stored := make([]byte, height*width)
	for i := range len(s.Images) / len(stored) {
		image := s.Images[i*len(stored) : (i+1)*len(stored)]
		copy(stored, image)
		for row := range height {
			for col := range width {
				image[col*height+row] = stored[row*width+col]
			}
		}
	}
}
