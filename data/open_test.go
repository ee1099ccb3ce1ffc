package data

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data/idx"
)

const corpus = "idx/testdata/corpus"

// place copies files into a new folder; files maps names in the folder, which may have parents, to paths below corpus.
func place(t *testing.T, files map[string]string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for name, source := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		b, err := os.ReadFile(filepath.Join(corpus, source))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o755)
		}
		if err == nil {
			err = os.WriteFile(path, b, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const (
	trainImages, trainLabels = "train-images-idx3-ubyte", "train-labels-idx1-ubyte"
	testImages, testLabels   = "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"
)

// good is a folder of three images and labels, with changes.
func good(changes ...string) map[string]string {
	files := map[string]string{
		trainImages: "ok_images_3x4x4.idx", trainLabels: "ok_labels_3.idx",
		testImages: "ok_images_3x4x4.idx", testLabels: "ok_labels_3.idx",
	}
	for i := 0; i < len(changes); i += 2 {
		if files[changes[i]] = changes[i+1]; changes[i+1] == "" {
			delete(files, changes[i])
		}
	}
	return files
}

func below(prefix string, files map[string]string) map[string]string {
	moved := map[string]string{}
	for name, source := range files {
		moved[prefix+name] = source
	}
	return moved
}

func TestOpenLayouts(t *testing.T) {
	pixels := make([]byte, 48)
	for i := range pixels {
		pixels[i] = byte(i)
	}
	both := below("FashionMNIST/raw/", good())
	for name, source := range below("MNIST/raw/", good()) {
		both[name] = source
	}
	for _, test := range []struct {
		layout string
		files  map[string]string
		below  string
		name   string // "" stands for the folder's own
	}{
		{"plain", good(), "", ""},
		{"packed", good(trainImages, "", trainImages+".gz", "ok_images.idx.gz", testImages, "", testImages+".gz", "ok_two_members.gz"), "", ""},
		{"dotted", good(trainImages, "", "train-images.idx3-ubyte", "ok_images_3x4x4.idx", testLabels, "", "t10k-labels.idx1-ubyte", "ok_labels_3.idx"), "", ""},
		{"dotted and packed", good(trainImages, "", "train-images.idx3-ubyte.gz", "ok_images.idx.gz"), "", ""},
		{"A25 the packed file goes before an unpacked copy", good(trainImages, "bad_short_by_1.idx", trainImages+".gz", "ok_images.idx.gz"), "", ""},
		{"torchvision", below("MNIST/raw/", good()), "", "MNIST"},
		{"torchvision's class folder", below("KMNIST/raw/", good()), "KMNIST", "KMNIST"},
		{"torchvision's other class", below("FashionMNIST/raw/", good()), "", "FashionMNIST"},
		{"torchvision's MNIST beside another", both, "", "MNIST"},
	} {
		t.Run(test.layout, func(t *testing.T) {
			dir := place(t, test.files)
			train, testSet, err := Open(filepath.Join(dir, test.below))
			if err != nil {
				t.Fatal(err)
			}
			name := test.name
			if name == "" {
				name = filepath.Base(dir)
			}
			want := &Set{Name: name + " train", Images: pixels, Shape: [3]int{1, 4, 4}, Labels: []int32{0, 9, 5},
				Classes: 10, Mean: 0.1307, Std: 0.3081}
			if diff := cmp.Diff(want, train); diff != "" {
				t.Error(diff)
			}
			want.Name = name + " test"
			if diff := cmp.Diff(want, testSet); diff != "" {
				t.Error(diff)
			}
			if err := train.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// In the lines, DIR stands for the folder and / for the system's separator.
func TestOpenRefuses(t *testing.T) {
	two := below("KMNIST/raw/", good())
	for name, source := range below("FashionMNIST/raw/", good()) {
		two[name] = source
	}
	all := strings.Join([]string{trainImages, trainLabels, testImages, testLabels}, ", ")
	for _, test := range []struct {
		id    string
		files map[string]string
		line  string
	}{
		{"A11 swapped images", good(trainImages, "bad_labels_as_images.idx"), "DIR/" + trainImages + ": offset 3: expected rank 3 images, got rank 1; labels file?"},
		{"A11 swapped labels", good(testLabels, "ok_images_3x4x4.idx"), "DIR/" + testLabels + ": offset 3: expected rank 1 labels, got rank 3; images file?"},
		{"A12", good(trainLabels, "bad_count_mismatch_labels_2.idx"), "DIR/" + trainLabels + ": offset 4: expected 3 labels for the 3 images of DIR/" + trainImages + ", got 2"},
		{"A13", good(trainLabels, "bad_label_10.idx"), "DIR/" + trainLabels + ": offset 9: expected label of item 1 in 0..9, got 10; more classes would each need a sample, and 1 has none"},
		{"A14", good(testImages, "bad_28x27.idx", testLabels, "../../../testdata/one_label.idx"), "DIR/" + testImages + ": offset 8: expected images of 4x4 as in DIR/" + trainImages + ", got 28x27"},
		{"A17 other dtype", good(trainImages, "ok_float32.idx"), "DIR/" + trainImages + ": offset 2: expected images of dtype uint8, got float32"},
		{"A18 cut", good(testImages, "", testImages+".gz", "bad_gz_truncated.gz"), "DIR/" + testImages + ".gz: offset 39: expected gzip data, got end of file; cut short?"},
		{"A1 empty", good(testLabels, "bad_empty.idx"), "DIR/" + testLabels + ": offset 0: expected 4-byte IDX magic, got 0 bytes"},
		{"no columns", good(trainImages, "../../../testdata/no_columns.idx"), "DIR/" + trainImages + ": offset 12: expected at least 1 pixel a side, got 0"},
		{"one missing", good(testLabels, ""), "DIR: expected t10k-labels-idx1-ubyte.gz or t10k-labels.idx1-ubyte.gz or t10k-labels-idx1-ubyte or t10k-labels.idx1-ubyte, got none of them"},
		{"all missing", nil, "DIR: expected " + all + ", with .gz or without, got none of them; looked in this folder and in raw, MNIST/raw and */raw below it"},
		{"two sets", two, "DIR: expected one data set, got 2; choose one of DIR/FashionMNIST/raw, DIR/KMNIST/raw"},
	} {
		t.Run(test.id, func(t *testing.T) {
			dir := place(t, test.files)
			train, testSet, err := Open(dir)
			if train != nil || testSet != nil {
				t.Error("expected no set beside an error, got one")
			}
			var e *idx.Error
			if !errors.As(err, &e) {
				t.Fatalf("expected an error that names a file, got %v", err)
			}
			if got := filepath.ToSlash(strings.ReplaceAll(err.Error(), dir, "DIR")); got != test.line {
				t.Errorf("expected\n\t%s\ngot\n\t%s", test.line, got)
			}
		})
	}
}

func TestA16EmptyLoadsAndIsNotValid(t *testing.T) {
	s, err := Read("empty", filepath.Join(corpus, "ok_zero_items.idx"), "testdata/no_labels.idx", 10)
	if err != nil {
		t.Fatal(err)
	}
	if s.Len() != 0 || s.Shape != [3]int{1, 28, 28} {
		t.Errorf("expected 0 images of 1x28x28, got %d of %v", s.Len(), s.Shape)
	}
	if err := s.Validate(); err == nil || err.Error() != "empty: expected at least 1 example, got 0" {
		t.Errorf("expected a refusal of the empty set, got %v", err)
	}
}

func TestReadClasses(t *testing.T) {
	images, labels := filepath.Join(corpus, "ok_images_3x4x4.idx"), filepath.Join(corpus, "bad_label_10.idx")
	s, err := Read("eleven", images, labels, 11)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]int{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1}, s.Histogram()); diff != "" {
		t.Error(diff)
	}
}

func TestA23OpenNotAFolder(t *testing.T) {
	missing := filepath.Join(t.TempDir(), "missing")
	_, _, err := Open(missing)
	if want := missing + ": expected a readable folder, got no such file or directory"; err == nil || err.Error() != want || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected %q, got %v", want, err)
	}
	file := filepath.Join(corpus, "ok_labels_3.idx")
	_, _, err = Open(file)
	if want := file + ": expected a readable folder, got not a directory"; err == nil || err.Error() != want {
		t.Errorf("expected %q, got %v", want, err)
	}
}

func TestA23DanglingLinkIsNamed(t *testing.T) {
	dir := place(t, good(testImages, ""))
	link := filepath.Join(dir, testImages)
	if err := os.Symlink("gone", link); err != nil {
		t.Skip("symbolic links cannot be made here:", err)
	}
	_, _, err := Open(dir)
	if want := link + ": expected a readable file, got a symbolic link to nothing; it points to gone"; err == nil || err.Error() != want {
		t.Errorf("expected %q, got %v", want, err)
	}
}
