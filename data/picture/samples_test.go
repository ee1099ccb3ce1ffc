package picture_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"gradus/data/picture"
)

func TestReadSamples(t *testing.T) {
	path := filepath.Join(t.TempDir(), "two.idx")
	if err := os.WriteFile(path, idxFile([]uint32{2, 1, 2}, 1, 2, 3, 4), 0o644); err != nil {
		t.Fatal(err)
	}
	o := picture.Options{Shape: [3]int{1, 1, 2}}
	s, err := picture.ReadSamples(bytes.NewReader(idxFile([]uint32{1, 2}, 5, 6)), []string{path, "-"}, o)
	if err != nil {
		t.Fatal(err)
	}
	if names := []string{path + "[0]", path + "[1]", "-"}; !slices.Equal(s.Names, names) || !slices.Equal(s.Pixels, []byte{1, 2, 3, 4, 5, 6}) {
		t.Errorf("expected %v with pixels 1 to 6, got %+v", names, s)
	}
	_, err = picture.ReadSamples(bytes.NewReader(idxFile([]uint32{0, 1, 2})), []string{"-"}, o)
	if want := "expected at least 1 image, got none in 1 files"; err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}
