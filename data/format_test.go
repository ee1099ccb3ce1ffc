package data

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data/idx"
)

// encoded is an IDX file.
func encoded(dtype idx.DType, dims []int, numbers ...int) []byte {
	b := []byte{0, 0, byte(dtype), byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, uint32(d))
	}
	for _, n := range numbers {
		if dtype == idx.Int32 {
			b = binary.BigEndian.AppendUint32(b, uint32(n))
		} else {
			b = append(b, byte(n))
		}
	}
	return b
}

// written puts files into a new folder.
func written(t *testing.T, files map[string][]byte) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, content := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// four are the files of a set of 2x3 images, of two training samples and one test sample.
func four(prefix, test, labelsName string, trainLabels, testLabels []byte) map[string][]byte {
	return map[string][]byte{
		prefix + "train-images-idx3-ubyte":      encoded(idx.Uint8, []int{2, 2, 3}, 0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15),
		prefix + "train-labels-" + labelsName:   trainLabels,
		prefix + test + "-images-idx3-ubyte":    encoded(idx.Uint8, []int{1, 2, 3}, 20, 21, 22, 23, 24, 25),
		prefix + test + "-labels-" + labelsName: testLabels,
	}
}

// QMNIST's labels are rows of 32-bit numbers, the class first.
func TestOpenQMNIST(t *testing.T) {
	columns := func(labels ...int) []byte {
		var rows []int
		for _, l := range labels {
			rows = append(rows, l, 4, 2390, 3, 100000, 1<<20, 0, 0)
		}
		return encoded(idx.Int32, []int{len(labels), 8}, rows...)
	}
	dir := written(t, four("qmnist-", "test", "idx2-int", columns(7, 9), columns(3)))
	train, test, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(train.Labels, []int32{7, 9}) || !slices.Equal(test.Labels, []int32{3}) || train.Name != "qmnist train" {
		t.Errorf("expected labels 7 9 and 3 of qmnist, got %v, %v of %s", train.Labels, test.Labels, train.Name)
	}
	for _, bad := range []struct {
		id     string
		labels []byte
		line   string
	}{
		{"A13", columns(7, 10), "offset 44: expected label of item 1 in 0..9, got 10; more classes would each need a sample, and 0 has none"},
		{"A13 negative", columns(-1, 3), "offset 12: expected label of item 0 in 0..9, got -1"},
		{"A12", columns(7), "offset 4: expected 2 labels for the 2 images of DIR, got 1"},
		{"A11 no columns", encoded(idx.Int32, []int{2, 0}), "offset 2: expected labels of dtype uint8, got int32"},
	} {
		dir := written(t, four("qmnist-", "test", "idx2-int", bad.labels, columns(3)))
		_, _, err := Open(dir)
		path := filepath.Join(dir, "qmnist-train-labels-idx2-int")
		want := path + ": " + bad.line
		if bad.id == "A12" {
			want = path + ": offset 4: expected 2 labels for the 2 images of " + filepath.Join(dir, "qmnist-train-images-idx3-ubyte") + ", got 1"
		}
		if err == nil || err.Error() != want {
			t.Errorf("%s: expected\n%s\ngot\n%v", bad.id, want, err)
		}
	}
}

// EMNIST's images are stored column by column, and letters begin at 1.
func TestOpenEMNIST(t *testing.T) {
	dir := written(t, four("emnist-letters-", "test", "idx1-ubyte", encoded(idx.Uint8, []int{2}, 1, 10), encoded(idx.Uint8, []int{1}, 2)))
	train, test, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := []byte{0, 3, 1, 4, 2, 5}; !slices.Equal(train.Image(0), want) || train.Shape != [3]int{1, 3, 2} {
		t.Errorf("expected %v of 3x2, got %v of %v", want, train.Image(0), train.Shape)
	}
	if want := []byte{20, 23, 21, 24, 22, 25}; !slices.Equal(test.Image(0), want) {
		t.Errorf("expected %v, got %v", want, test.Image(0))
	}
	if !slices.Equal(train.Labels, []int32{0, 9}) || !slices.Equal(test.Labels, []int32{1}) {
		t.Errorf("expected labels from 0, got %v and %v", train.Labels, test.Labels)
	}
	dir = written(t, four("emnist-letters-", "test", "idx1-ubyte", encoded(idx.Uint8, []int{2}, 1, 0), encoded(idx.Uint8, []int{1}, 2)))
	_, _, err = Open(dir)
	if want := filepath.Join(dir, "emnist-letters-train-labels-idx1-ubyte") + ": offset 9: expected label of item 1 in 1..10, got 0"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}

func TestOpenSeveralSetsInOneFolder(t *testing.T) {
	labels := encoded(idx.Uint8, []int{2}, 1, 2)
	files := four("emnist-digits-", "test", "idx1-ubyte", labels, labels)
	for name, content := range four("emnist-mnist-", "test", "idx1-ubyte", labels, labels) {
		files[name] = content
	}
	dir := written(t, files)
	_, _, err := Open(dir)
	if want := dir + ": expected one data set, got 2; it has emnist-digits, emnist-mnist: name one, or keep one in a folder"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if diff := cmp.Diff([]string{"emnist-digits-", "emnist-mnist-"}, Prefixes(dir)); diff != "" {
		t.Error(diff)
	}
}

func TestCountClasses(t *testing.T) {
	all := func(n int) (labels []int32) {
		for i := range n {
			labels = append(labels, int32(n-1-i))
		}
		return labels
	}
	for _, test := range []struct {
		labels  []int32
		classes int
		hint    string
	}{
		{nil, 10, ""},
		{[]int32{0, 0}, 10, ""},
		{all(10), 10, ""},
		{all(11), 11, ""},
		{all(47), 47, ""},
		{append(all(20), 46), 10, "more classes would each need a sample, and 20 has none"},
		{all(256), 256, ""},
		{all(257), 10, ""},
		{[]int32{-1}, 10, ""},
	} {
		if classes, hint := countClasses(test.labels); classes != test.classes || hint != test.hint {
			t.Errorf("%v: expected %d, %q, got %d, %q", test.labels, test.classes, test.hint, classes, hint)
		}
	}
}

func TestMoments(t *testing.T) {
	s := &Set{Images: []byte{0, 255, 255, 0}}
	if mean, std := s.Moments(); mean != 0.5 || std != 0.5 {
		t.Errorf("expected 0.5 and 0.5, got %v and %v", mean, std)
	}
	if mean, std := (&Set{}).Moments(); mean != 0 || std != 0 {
		t.Errorf("expected 0 and 0 of nothing, got %v and %v", mean, std)
	}
	s = &Set{Images: slices.Repeat([]byte{51}, 1000)}
	if mean, std := s.Moments(); mean != 0.2 || std != 0 {
		t.Errorf("expected 0.2 and 0, got %v and %v", mean, std)
	}
}
