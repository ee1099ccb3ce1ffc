package source

import (
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// idxFiles puts four files of n samples into a folder, the training images beginning with the byte first.
func idxFiles(t *testing.T, dir string, n, first byte) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	images := append([]byte{0, 0, 8, 3, 0, 0, 0, n, 0, 0, 0, 1, 0, 0, 0, 1}, make([]byte, n)...)
	labels := append([]byte{0, 0, 8, 1, 0, 0, 0, n}, make([]byte, n)...)
	images[16] = first
	for _, part := range []string{"train", "t10k"} {
		for name, content := range map[string][]byte{"-images-idx3-ubyte": images, "-labels-idx1-ubyte": labels} {
			if err := os.WriteFile(filepath.Join(dir, part+name), content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// pictures puts one image of a class into each of some folders.
func pictures(t *testing.T, dirs ...string) {
	t.Helper()
	for i, dir := range dirs {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(dir, "1.png"))
		if err != nil {
			t.Fatal(err)
		}
		m := image.NewGray(image.Rect(0, 0, 2, 2))
		m.Pix[0] = byte(i + 1)
		if err := png.Encode(f, m); err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	idxFiles(t, "digits", 3, 1)
	idxFiles(t, "kmnist", 4, 2)
	pictures(t, "flowers/train/a", "flowers/test/a")
	pictures(t, "leaves/a", "leaves/b")
	// A folder with both is read as IDX files, wherever images lie in it.
	idxFiles(t, "both/raw", 5, 1)
	pictures(t, "both/a")
	for name, want := range map[string]int{"mnist": 60000, "MNIST": 60000, "digits": 3, "./kmnist": 4, "flowers": 1, "leaves": 1, "both": 5} {
		train, test, err := Open(name, "root")
		if err != nil || train.Len() != want || test.Len() == 0 {
			t.Errorf("%s: expected %d samples, got %v, %v", name, want, train, err)
		}
	}
	for name, want := range map[string]string{
		// The catalog's name goes before the folder's.
		"kmnist": "kmnist: expected " + filepath.Join("root", "KMNIST", "raw", "train-images-idx3-ubyte.gz") + ", got no such file; gradus data fetch kmnist downloads it",
		"qmnits": "qmnits: expected a readable folder, got no such file or directory; did you mean the set qmnist?",
		"x":      "x: expected a readable folder, got no such file or directory",
	} {
		if _, _, err := Open(name, "root"); err == nil || err.Error() != want {
			t.Errorf("%s: expected %q, got %v", name, want, err)
		}
	}
	if !IsEmbedded("mnist") || !IsEmbedded("Mnist") || IsEmbedded("kmnist") || IsEmbedded("./mnist") {
		t.Error("expected mnist alone to be inside the program")
	}
}

// Files whose sets share names are told apart by the folder, and by the files beside them.
func TestVerifyIdentifies(t *testing.T) {
	dir := t.TempDir()
	own, foreign := filepath.Join(dir, "own"), filepath.Join(dir, "KMNIST", "raw")
	idxFiles(t, own, 3, 1)
	idxFiles(t, foreign, 3, 1)
	list, err := Verify(own)
	if err != nil || len(list) != 4 || list[0].Published != "" || list[0].What != "uint8 3x1x1" {
		t.Errorf("expected four files of no published set, got %+v, %v", list, err)
	}
	// KMNIST's unpacked digests nobody published; packed files are compared.
	if _, err := Verify(foreign); err != nil {
		t.Errorf("expected unpacked files to pass, got %v", err)
	}
	path := filepath.Join(foreign, "train-labels-idx1-ubyte")
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path+".gz", content, 0o600); err != nil {
		t.Fatal(err)
	}
	want := path + ".gz: expected md5 e144d726b3acfaa3e44228e80efcd344, got "
	for _, path := range []string{foreign, filepath.Join(dir, "KMNIST"), dir, path + ".gz"} {
		if path == dir {
			if err := os.RemoveAll(own); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := Verify(path); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: expected %s, got %v", path, want, err)
		}
	}
}

func ExampleOpen() {
	train, test, err := Open("mnist", "")
	if err != nil {
		panic(err)
	}
	fmt.Println(Describe(train))
	fmt.Println(Describe(test))
	// Output:
	// 60000 images of 1x28x28 in 10 classes
	// 10000 images of 1x28x28 in 10 classes
}
