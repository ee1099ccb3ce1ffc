package mnist

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math"
	"testing"

	"gradus/data"
)

func sets(t *testing.T) (train, test *data.Set) {
	t.Helper()
	train, err := Train()
	if err != nil {
		t.Fatal(err)
	}
	if test, err = Test(); err != nil {
		t.Fatal(err)
	}
	return train, test
}

// TestDigests builds the four IDX files again and compares them with the published ones.
func TestDigests(t *testing.T) {
	train, test := sets(t)
	for _, c := range []struct {
		name, sha256 string
		file         []byte
	}{
		{"train images", "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db", imagesFile(train)},
		{"train labels", "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5", labelsFile(train)},
		{"test images", "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7", imagesFile(test)},
		{"test labels", "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2", labelsFile(test)},
	} {
		digest := sha256.Sum256(c.file)
		if got := hex.EncodeToString(digest[:]); got != c.sha256 {
			t.Errorf("%s: expected SHA-256 %s, got %s", c.name, c.sha256, got)
		}
	}
}

func imagesFile(s *data.Set) []byte {
	b := []byte{0, 0, 8, 3}
	for _, d := range []int{s.Len(), s.Shape[1], s.Shape[2]} {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	return append(b, s.Images...)
}

func labelsFile(s *data.Set) []byte {
	b := binary.BigEndian.AppendUint32([]byte{0, 0, 8, 1}, uint32(s.Len()))
	for _, l := range s.Labels {
		b = append(b, byte(l))
	}
	return b
}

func TestSets(t *testing.T) {
	train, test := sets(t)
	for _, c := range []struct {
		set  *data.Set
		name string
		len  int
	}{{train, "MNIST train", 60_000}, {test, "MNIST test", 10_000}} {
		s := c.set
		if s.Name != c.name || s.Len() != c.len || s.Shape != [3]int{1, 28, 28} || s.Classes != 10 {
			t.Errorf("expected %s, %d images of 1x28x28 in 10 classes, got %s, %d of %v in %d", c.name, c.len, s.Name, s.Len(), s.Shape, s.Classes)
		}
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
	if lines := data.Warnings(train, test); lines != nil {
		t.Errorf("expected nothing strange, got %q", lines)
	}
	if again, err := Train(); again != train || err != nil {
		t.Errorf("expected one training set for all callers, got two, %v", err)
	}
}

// TestMeanAndStd computes the constants of package data from their source.
func TestMeanAndStd(t *testing.T) {
	train, _ := sets(t)
	var sum, squares float64
	for _, u := range train.Images {
		x := float64(u) / 255
		sum += x
		squares += x * x
	}
	n := float64(len(train.Images))
	mean := sum / n
	std := math.Sqrt(squares/n - mean*mean)
	if got := float32(math.Round(mean*1e4) / 1e4); got != train.Mean || got != data.MNISTMean {
		t.Errorf("expected a mean of %v, got %v", train.Mean, mean)
	}
	if got := float32(math.Round(std*1e4) / 1e4); got != train.Std || got != data.MNISTStd {
		t.Errorf("expected a standard deviation of %v, got %v", train.Std, std)
	}
}

// BenchmarkTrain unpacks the training set anew each time, which a program does once.
func BenchmarkTrain(b *testing.B) {
	b.SetBytes(60_000 * 28 * 28)
	for b.Loop() {
		if _, err := unpackSet("MNIST train", trainImages, trainLabels); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkTest(b *testing.B) {
	b.SetBytes(10_000 * 28 * 28)
	for b.Loop() {
		if _, err := unpackSet("MNIST test", testImages, testLabels); err != nil {
			b.Fatal(err)
		}
	}
}
