// Package data holds labelled images in memory, reads them from folders in the formats of the MNIST family, and puts
// the samples of an epoch in order.
package data

import (
	"fmt"
	"math"

	"gradus/random"
)

// The mean and the standard deviation of all pixels of MNIST's training images, on the scale 0 to 1. They are the
// constants of PyTorch's MNIST example (github.com/pytorch/examples, mnist/main.py), and the usual ones for every set of
// this shape, so that figures compare.
const (
	MNISTMean float32 = 0.1307
	MNISTStd  float32 = 0.3081
)

// Set is labelled images. It is shared between all who train on it: once made, it must not be written to.
type Set struct {
	Name   string // for people: "MNIST train"
	Images []byte // N x channels x height x width, the last running fastest
	Shape  [3]int // channels, height, width of one image
	Labels []int32
	// Classes is the number of classes; labels are 0..Classes-1.
	Classes int
	// ClassNames are the names of the classes, in their order, or nil.
	ClassNames []string
	// A network sees the byte u as (u/255 - Mean) / Std.
	Mean, Std float32
}

// Len returns the number of samples.
func (s *Set) Len() int { return len(s.Labels) }

// ImageSize returns the bytes of one image: channels x height x width.
func (s *Set) ImageSize() int { return s.Shape[0] * s.Shape[1] * s.Shape[2] }

// Image returns image i, channels x height x width, which shares memory with the set.
func (s *Set) Image(i int) []byte {
	size := s.ImageSize()
	return s.Images[i*size : (i+1)*size : (i+1)*size]
}

// Validate returns an error that names the set and says why it cannot be trained on or evaluated: no samples, images
// that do not match shape or labels, a label out of range, or a Mean or Std that gives no finite input.
func (s *Set) Validate() error {
	for i, name := range [3]string{"channel", "row", "column"} {
		if s.Shape[i] < 1 {
			return s.fault("at least 1 %s, got %d", name, s.Shape[i])
		}
	}
	if s.Classes < 1 {
		return s.fault("at least 1 class, got %d", s.Classes)
	}
	if n := len(s.ClassNames); n != 0 && n != s.Classes {
		return s.fault("names of %d classes, got %d", s.Classes, n)
	}
	if s.Len() == 0 {
		return s.fault("at least 1 example, got 0")
	}
	if got, rest := len(s.Images)/s.ImageSize(), len(s.Images)%s.ImageSize(); got != s.Len() || rest != 0 {
		return s.fault("%d bytes in %d images, got %d", s.Len()*s.ImageSize(), s.Len(), len(s.Images))
	}
	if i := firstOutside(s.Labels, s.Classes); i >= 0 {
		return s.fault("label %d in 0..%d, got %d", i, s.Classes-1, s.Labels[i])
	}
	if !(s.Std > 0 && s.Std <= math.MaxFloat32) {
		return s.fault("std above 0, got %v", s.Std)
	}
	if !(math.Abs(float64(s.Mean)) <= math.MaxFloat32) {
		return s.fault("a finite mean, got %v", s.Mean)
	}
	return nil
}

func (s *Set) fault(format string, args ...any) error {
	return fmt.Errorf("%s: expected "+format, append([]any{s.Name}, args...)...)
}

// firstOutside returns the index of the first label that is not in 0..classes-1, or -1.
func firstOutside(labels []int32, classes int) int {
	for i, l := range labels {
		if l < 0 || int(l) >= classes {
			return i
		}
	}
	return -1
}

// Slice returns samples from..to-1 as a set that shares memory with s. It panics where a slice expression would.
func (s *Set) Slice(from, to int) *Set {
	size, t := s.ImageSize(), *s
	t.Images = s.Images[from*size : to*size : to*size]
	t.Labels = s.Labels[from:to:to]
	return &t
}

// Subset returns the samples with the given indices, in that order, as a set of its own. It panics on an index that is not
// in 0..Len()-1.
func (s *Set) Subset(indices []int32) *Set {
	t := *s
	t.Images = make([]byte, len(indices)*s.ImageSize())
	t.Labels = make([]int32, len(indices))
	s.gather(t.Images, t.Labels, indices)
	return &t
}

// gather copies the samples with the given indices to images and labels.
func (s *Set) gather(images []byte, labels []int32, indices []int32) {
	size := s.ImageSize()
	for i, index := range indices {
		copy(images[i*size:(i+1)*size], s.Image(int(index)))
		labels[i] = s.Labels[index]
	}
}

// Split returns the set in two: the last holdOut samples of a permutation given by seed alone are for validation, the
// others, in the order of the permutation, for training. Both are copies. holdOut must leave at least one sample on
// either side.
func (s *Set) Split(holdOut int, seed uint64) (train, validation *Set, err error) {
	if holdOut < 1 || holdOut >= s.Len() {
		return nil, nil, s.fault("1 to %d held-out examples of %d, got %d", max(0, s.Len()-1), s.Len(), holdOut)
	}
	order := make([]int32, s.Len())
	random.New(seed, "validation").Perm(order)
	train, validation = s.Subset(order[:s.Len()-holdOut]), s.Subset(order[s.Len()-holdOut:])
	validation.Name += ", held out"
	return train, validation, nil
}
