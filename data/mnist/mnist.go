// Package mnist holds the MNIST data set inside the program: 60,000 training and 10,000 test images of handwritten
// digits, 1x28x28 bytes, labels 0 to 9.
//
// Source: Y. LeCun, C. Cortes, C. J. C. Burges: The MNIST database of handwritten digits. Licence: CC BY-SA 3.0
// (https://creativecommons.org/licenses/by-sa/3.0/). The images and labels are unchanged.
package mnist

import (
	_ "embed"
	"sync"

	"gradus/data"
	"gradus/data/mnist/internal/archive"
)

//go:generate go run ./generate -from ../../../shared/data/mnist -to mnist.zst

//go:embed mnist.zst
var packed []byte

// The sections of the embedded file.
const (
	trainImages = iota
	trainLabels
	testImages
	testLabels
)

var (
	train = sync.OnceValues(func() (*data.Set, error) { return unpackSet("MNIST train", trainImages, trainLabels) })
	test  = sync.OnceValues(func() (*data.Set, error) { return unpackSet("MNIST test", testImages, testLabels) })
)

// Train returns the 60,000 training samples in the order of the original files. The first call unpacks them (see
// BenchmarkTrain) and all callers share them, so nobody may write to the set; [data.Set.Subset] gives one that can be
// changed. An error means that the program's file is damaged.
func Train() (*data.Set, error) { return train() }

// Test returns the 10,000 test samples as [Train] returns the others, and unpacks nothing else.
func Test() (*data.Set, error) { return test() }

func unpackSet(name string, imagesSection, labelsSection int) (*data.Set, error) {
	images, err := archive.Unpack(packed, imagesSection)
	if err != nil {
		return nil, err
	}
	labels, err := archive.Unpack(packed, labelsSection)
	if err != nil {
		return nil, err
	}
	s := &data.Set{
		Name:    name,
		Images:  images,
		Shape:   [3]int{1, 28, 28},
		Labels:  make([]int32, len(labels)),
		Classes: 10,
		Mean:    data.MNISTMean,
		Std:     data.MNISTStd,
	}
	for i, l := range labels {
		s.Labels[i] = int32(l)
	}
	return s, s.Validate()
}
