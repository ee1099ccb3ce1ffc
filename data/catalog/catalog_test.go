package catalog

import (
	"bytes"
	"compress/gzip"
	"crypto/md5"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/data/idx"
)

func TestSets(t *testing.T) {
	names := map[string]bool{}
	files := map[string]string{}
	for _, s := range Sets() {
		if names[s.Name] || s.Name != strings.ToLower(s.Name) || s.Title == "" || s.Class == "" || len(s.Mirrors) == 0 {
			t.Errorf("%s: expected a name of its own, a title, a class and mirrors", s.Name)
		}
		names[s.Name] = true
		if s.ClassNames != nil && len(s.ClassNames) != s.Classes {
			t.Errorf("%s: expected %d names, got %d", s.Name, s.Classes, len(s.ClassNames))
		}
		for _, m := range s.Mirrors {
			if !strings.HasSuffix(m, "/") {
				t.Errorf("%s: expected a mirror that ends in a slash, got %s", s.Name, m)
			}
		}
		for _, f := range s.Files {
			if !strings.HasPrefix(f.Name, s.Prefix) || f.MaxSize < 10000 {
				t.Errorf("%s: expected a file of the set with a size, got %v", s.Name, f)
			}
			if (f.Packed == "") != (s.Archive != nil) {
				t.Errorf("%s: expected a digest of the file or of an archive, got %v", s.Name, f)
			}
			for _, d := range []Digest{f.Packed, f.Unpacked} {
				if d != "" && len(d) != 2*md5.Size && len(d) != 2*sha256.Size {
					t.Errorf("%s: %s: expected an MD5 or a SHA-256, got %q", s.Name, f.Name, d)
				}
			}
			// Sets of one class lie in one folder.
			path := filepath.Join(s.Class, f.Name)
			if files[path] != "" {
				t.Errorf("%s: expected a file of its own, got one of %s", path, files[path])
			}
			files[path] = s.Name
		}
	}
	classes := map[string]int{}
	for _, s := range Sets() {
		classes[s.Name] = s.Classes
	}
	want := map[string]int{"mnist": 10, "fashionmnist": 10, "kmnist": 10, "qmnist": 10, "emnist-byclass": 62, "emnist-bymerge": 47,
		"emnist-balanced": 47, "emnist-letters": 26, "emnist-digits": 10, "emnist-mnist": 10}
	if diff := cmp.Diff(want, classes); diff != "" {
		t.Error(diff)
	}
}

func TestFind(t *testing.T) {
	for name, want := range map[string]string{
		"fashionmnist": "fashionmnist", "FashionMNIST": "fashionmnist", "Fashion-MNIST": "fashionmnist", "fashion_mnist": "fashionmnist",
		"MNIST": "mnist", "EMNIST letters": "emnist-letters", "emnistletters": "emnist-letters",
		"emnist": "", "": "", "./mnist": "", "fashionmnist/": "",
	} {
		if s, ok := Find(name); s.Name != want || ok != (want != "") {
			t.Errorf("%q: expected %q, got %q", name, want, s.Name)
		}
	}
	if near, ok := Nearest("fashon-mnist"); !ok || near != "fashionmnist" {
		t.Errorf("expected fashionmnist, got %q", near)
	}
}

func TestRoot(t *testing.T) {
	t.Setenv("HOME", "/home/ann")
	for _, test := range []struct{ given, data, cache, want string }{
		{"here", "/data", "/cache", "here"},
		{"", "/data", "/cache", "/data"},
		{"", "", "/cache", "/cache/gradus"},
		{"", "", "relative", "/home/ann/.cache/gradus"},
		{"", "", "", "/home/ann/.cache/gradus"},
	} {
		t.Setenv("GRADUS_DATA", test.data)
		t.Setenv("XDG_CACHE_HOME", test.cache)
		if got, err := Root(test.given); err != nil || filepath.ToSlash(got) != test.want {
			t.Errorf("%v: expected %s, got %s, %v", test, test.want, got, err)
		}
	}
	t.Setenv("HOME", "")
	if _, err := Root(""); err == nil || err.Error() != "data-root: expected a folder for data sets, got no home folder; set --data-root or GRADUS_DATA" {
		t.Errorf("expected a refusal without a home folder, got %v", err)
	}
}

func pack(t *testing.T, level int, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, level)
	if err == nil {
		_, err = w.Write(b)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// images is an IDX file of n images of 2x2.
func images(n int) []byte {
	b := []byte{0, 0, 8, 3, 0, 0, 0, byte(n), 0, 0, 0, 2, 0, 0, 0, 2}
	for i := range 4 * n {
		b = append(b, byte(i))
	}
	return b
}

func labels(n int) []byte {
	b := []byte{0, 0, 8, 1, 0, 0, 0, byte(n)}
	for i := range n {
		b = append(b, byte(i%2))
	}
	return b
}

func md5Of(b []byte) Digest    { return Digest(fmt.Sprintf("%x", md5.Sum(b))) }
func sha256Of(b []byte) Digest { return Digest(fmt.Sprintf("%x", sha256.Sum256(b))) }

// tiny is a set of two classes and the bytes of its four files.
func tiny(t *testing.T) (Set, [4][]byte) {
	s := Set{Name: "tiny", Title: "Tiny", Class: "Tiny", Classes: 2, ClassNames: []string{"even", "odd"}}
	contents := [4][]byte{images(3), labels(3), images(2), labels(2)}
	var packed [4][]byte
	for i, name := range []string{"train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"} {
		packed[i] = pack(t, 9, contents[i])
		s.Files[i] = File{Name: name, Packed: md5Of(packed[i]), Unpacked: sha256Of(contents[i]), MaxSize: 1000}
	}
	return s, packed
}

// fetched puts a set's files where they belong.
func fetched(t *testing.T, s Set, contents [4][]byte) (root string) {
	t.Helper()
	root = t.TempDir()
	if err := os.MkdirAll(s.Folder(root), 0o755); err != nil {
		t.Fatal(err)
	}
	for i, f := range s.Files {
		if err := os.WriteFile(filepath.Join(s.Folder(root), f.Name), contents[i], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestOpen(t *testing.T) {
	s, packed := tiny(t)
	root := fetched(t, s, packed)
	train, test, err := s.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if train.Name != "Tiny train" || train.Classes != 2 || !slices.Equal(train.Labels, []int32{0, 1, 0}) || test.Len() != 2 || test.ClassNames[1] != "odd" {
		t.Errorf("expected the set that was written, got %+v and %+v", train, test)
	}
	if !s.IsThere(root) {
		t.Error("expected the set to be there")
	}

	// Packed otherwise, and not packed: the content's digest counts.
	other := packed
	other[0] = pack(t, 1, images(3))
	if _, _, err := s.Open(fetched(t, s, other)); err != nil {
		t.Errorf("expected another packing to pass, got %v", err)
	}
	root = fetched(t, s, packed)
	plain := filepath.Join(s.Folder(root), "train-images-idx3-ubyte")
	if err := os.WriteFile(plain, images(3), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(plain + ".gz"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := s.Open(root); err != nil {
		t.Errorf("expected an unpacked file to pass, got %v", err)
	}
	checked, err := s.Check(root)
	if err != nil || len(checked) != 4 || !checked[0].Unpacked || checked[1].Unpacked {
		t.Errorf("expected the first of four files unpacked, got %v, %v", checked, err)
	}
	// torchvision leaves unpacked files of sets whose unpacked digests nobody published: their form counts.
	s.Files[0].Unpacked = ""
	if _, _, err := s.Open(root); err != nil {
		t.Errorf("expected a file of unknown digest to pass, got %v", err)
	}
}

func TestOpenAbsent(t *testing.T) {
	s, packed := tiny(t)
	root := fetched(t, s, packed)
	path := filepath.Join(s.Folder(root), s.Files[3].Name)
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	_, _, err := s.Open(root)
	want := "tiny: expected " + path + ", got no such file; gradus data fetch tiny downloads it"
	absent := (*AbsentError)(nil)
	if err == nil || err.Error() != want || !errors.As(err, &absent) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected %s, got %v", want, err)
	}
	if s.IsThere(root) {
		t.Error("expected the set not to be there")
	}
}

// Every bit of every file: a change is found when the set is opened, and the line says how to get it anew.
func TestB12(t *testing.T) {
	s, packed := tiny(t)
	root := fetched(t, s, packed)
	for i := range packed {
		for bit := range 8 * len(packed[i]) {
			path, changed := filepath.Join(s.Folder(root), s.Files[i].Name), bytes.Clone(packed[i])
			changed[bit/8] ^= 1 << (bit % 8)
			if err := os.WriteFile(path, changed, 0o600); err != nil {
				t.Fatal(err)
			}
			train, _, err := s.Open(root)
			// gzip's header has bits without meaning for the content; then the content's digest is right.
			if err == nil {
				if _, clean := gzip.NewReader(bytes.NewReader(changed)); clean != nil || train.Len() != 3 {
					t.Fatalf("%s, bit %d: expected a refusal", s.Files[i].Name, bit)
				}
				continue
			}
			line := err.Error()
			if !strings.HasPrefix(line, path+": ") || !strings.HasSuffix(line, "; gradus data fetch tiny fetches it anew") {
				t.Fatalf("%s, bit %d: expected the file and what to do, got %v", s.Files[i].Name, bit, err)
			}
		}
		if err := os.WriteFile(filepath.Join(s.Folder(root), s.Files[i].Name), packed[i], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A change that gzip does not see: another whole file.
	changed := packed
	other := images(3)
	other[20] ^= 1
	changed[0] = pack(t, 9, other)
	root = fetched(t, s, changed)
	_, _, err := s.Open(root)
	want := fmt.Sprintf("%s: expected md5 %s, got %s; gradus data fetch tiny fetches it anew",
		filepath.Join(s.Folder(root), s.Files[0].Name), string(s.Files[0].Packed), string(md5Of(changed[0])))
	if err == nil || err.Error() != want {
		t.Errorf("expected\n%s\ngot\n%v", want, err)
	}
}

func TestSums(t *testing.T) {
	dir := t.TempDir()
	if known, err := Sums(dir); known != nil || err != nil {
		t.Errorf("expected nothing to be known, got %v, %v", known, err)
	}
	path := filepath.Join(dir, SumsName)
	digest := strings.Repeat("ab", 32)
	for text, want := range map[string]string{
		digest + "  one\n" + digest + "  two two\n": "",
		digest + "\n":                          path + ": expected lines of a SHA-256 and a name, got others",
		"abc  one\n":                           path + ": expected lines of a SHA-256 and a name, got others",
		strings.Repeat(digest+"  one\n", 2000): path + ": expected lines of a SHA-256 and a name, got others",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		known, err := Sums(dir)
		if want == "" && (err != nil || len(known) != 2 || string(known["two two"]) != digest) || want != "" && (err == nil || err.Error() != want) {
			t.Errorf("%.80q: expected %q, got %v, %v", text, want, known, err)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file.gz")
	if err := os.WriteFile(path, []byte("<html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Check(path, File{})
	e := (*idx.Error)(nil)
	if want := path + ": offset 0: expected gzip magic 1f8b, got 3c68; HTML page?"; !errors.As(err, &e) || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
	if _, err = Check(path+"x", File{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("expected fs.ErrNotExist, got %v", err)
	}
}

func ExampleFind() {
	set, ok := Find("Fashion-MNIST")
	fmt.Println(ok, set.Name, set.Classes, filepath.ToSlash(set.Folder("/data")))
	// Output: true fashionmnist 10 /data/FashionMNIST/raw
}
