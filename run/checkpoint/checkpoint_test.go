package checkpoint

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gradus/graph"
	"gradus/internal/atomicfile"
	"gradus/safetensors"
)

func write(t *testing.T, dir string, c *Checkpoint) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o777); err != nil {
		t.Fatal(err)
	}
	path := Path(dir, c.Steps)
	if err := os.WriteFile(path, encoded(t, c), 0o666); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestRoundTrip(t *testing.T) {
	c := example(17)
	c.Best = &Best{Step: 10, Error: 1.0 / 3}
	path := write(t, t.TempDir(), c)
	got, err := Read(path)
	if d := cmp.Diff(c, got); d != "" || err != nil {
		t.Errorf("%v\n%s", err, d)
	}
	if !bytes.Equal(encoded(t, c), encoded(t, got)) {
		t.Error("expected the same bytes again, got others")
	}
	w := []graph.Parameter{{Name: "f.weight", Tensor: graph.NewTensor(2, 3)}}
	if err := ReadWeights(path, w); err != nil || !slices.Equal(w[0].Tensor.Data, c.Weights[0].Tensor.Data) {
		t.Errorf("expected the weights, got %v, %v", w[0].Tensor.Data, err)
	}
}

// Checkpoints of the first format are read for ever: this one was written when it
// was new.
func TestD13GoldenFile(t *testing.T) {
	golden := filepath.Join("testdata", "format-1.safetensors")
	got, err := Read(golden)
	if err != nil {
		t.Fatal(err)
	}
	c := example(17)
	c.Best = &Best{Step: 10, Error: 1.0 / 3}
	if d := cmp.Diff(c, got); d != "" {
		t.Error(d)
	}
}

func TestD14NewerFormat(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, example(5))
	path := write(t, dir, example(10))
	f, err := safetensors.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata[formatKey] = "3"
	var list []safetensors.Tensor
	for _, e := range f.Tensors {
		tensor, err := f.Tensor(e.Name)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, tensor)
	}
	if err := safetensors.WriteFile(path, list, f.Metadata); err != nil {
		t.Fatal(err)
	}
	want := path + ": expected a checkpoint of format 1 or less, got format 3; a newer gradus reads it"
	if _, _, err := Newest(dir); err == nil || err.Error() != want {
		t.Errorf("expected %s, got %v", want, err)
	}
}

// Every truncation and every flipped bit of a checkpoint is found.
func TestD08DamageIsFound(t *testing.T) {
	dir := t.TempDir()
	path := write(t, dir, example(5))
	good := encoded(t, example(5))
	try := func(what string, data []byte) {
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(path); err == nil || !strings.HasPrefix(err.Error(), path) {
			t.Errorf("%s: expected an error that names the file, got %v", what, err)
		}
	}
	for n := 0; n < len(good); n += 7 {
		try("truncated", good[:n])
	}
	for bit := 0; bit < 8*len(good); bit += 11 {
		data := slices.Clone(good)
		data[bit/8] ^= 1 << (bit % 8)
		try("flipped", data)
	}
}

func TestD08Newest(t *testing.T) {
	dir := t.TempDir()
	for _, step := range []int{5, 10, 15} {
		write(t, dir, example(step))
	}
	if err := os.Truncate(Path(dir, 15), 100); err != nil {
		t.Fatal(err)
	}
	c, damaged, err := Newest(dir)
	if err != nil || c.Steps != 10 || len(damaged) != 1 || damaged[0].Step != 15 || damaged[0].Path != Path(dir, 15) {
		t.Errorf("expected step 10 behind a damaged step 15, got %v, %v, %v", c, damaged, err)
	}
	for _, step := range []int{5, 10} {
		if err := os.WriteFile(Path(dir, step), nil, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := Newest(dir); err == nil || !strings.Contains(err.Error(), "got 3 that cannot") {
		t.Errorf("expected an error that counts three, got %v", err)
	}
}

// What the files best and last say is only believed where it names a checkpoint.
func TestD09Pointers(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, example(5))
	for text, ok := range map[string]bool{
		"step-5.safetensors\n": true, "step-5.safetensors": true,
		"": false, "step-6.safetensors\n": false, "../checkpoints/step-5.safetensors": false, "/etc/passwd": false,
		"step-05.safetensors": false, "step--5.safetensors": false, "step-5.safetensors\nmore": false,
	} {
		if err := os.WriteFile(filepath.Join(dir, LastFile), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		if path, got := Pointed(dir, LastFile); got != ok || ok && path != Path(dir, 5) {
			t.Errorf("%q: expected %v, got %s, %v", text, ok, path, got)
		}
		if c, _, err := Newest(dir); err != nil || c.Steps != 5 {
			t.Errorf("%q: expected step 5 whatever it says, got %v, %v", text, c, err)
		}
	}
}

// D15: what is old is told by steps, not by the clock; D17: the best is kept.
func TestD15D17Retention(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o777); err != nil {
		t.Fatal(err)
	}
	s := NewStore(dir, atomicfile.Disk{}, 2, nil)
	past := time.Now()
	for i, step := range []int{5, 10, 15, 20, 25} {
		c := example(step)
		if step >= 10 {
			c.Best = &Best{Step: 10, Error: 0.5}
		}
		if err := s.Save(c, nil); err != nil {
			t.Fatal(err)
		}
		past = past.Add(-time.Hour * time.Duration(i+1)) // the clock goes back between saves
		if err := os.Chtimes(Path(dir, step), past, past); err != nil {
			t.Fatal(err)
		}
	}
	steps, err := Steps(dir)
	if err != nil || !slices.Equal(steps, []int{10, 20, 25}) {
		t.Errorf("expected the newest two and the best, got %v, %v", steps, err)
	}
	for file, step := range map[string]int{BestFile: 10, LastFile: 25} {
		if path, ok := Pointed(dir, file); !ok || path != Path(dir, step) {
			t.Errorf("%s: expected step %d, got %s, %v", file, step, path, ok)
		}
	}
}
