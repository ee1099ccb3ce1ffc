package run

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/run/checkpoint"
	"gradus/safetensors"
	"gradus/train"
)

// A run's network has the weights of the checkpoint that is asked for, and files of
// weights have the same.
func TestTrained(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := newRun(t, dir, brief(), often)
	if err := record(t, r, brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	d := openRun(t, dir)
	last, err := d.Trained(LastCheckpoint)
	if err != nil {
		t.Fatal(err)
	}
	want, err := checkpoint.Read(checkpoint.Path(dir, 28))
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range last.Parameters {
		if w := want.Weights[i]; w.Name != p.Name || !slices.Equal(w.Tensor.Data, p.Tensor.Data) {
			t.Errorf("expected the parameter %s of the checkpoint, got %s with other numbers", w.Name, p.Name)
		}
	}
	if err := last.CheckFinite(); err != nil {
		t.Error(err)
	}
	first, err := d.Trained("step-3")
	if err != nil {
		t.Fatal(err)
	}
	if train.Fingerprint(first.Parameters) == train.Fingerprint(last.Parameters) {
		t.Error("expected other weights after step 3 than after step 28")
	}
	best, err := d.Trained(BestCheckpoint)
	if err != nil {
		t.Fatal(err)
	}
	if path, err := d.Best(); err != nil || best.Path != path {
		t.Errorf("expected %s, got %s, %v", path, best.Path, err)
	}
	plain := filepath.Join(t.TempDir(), "plain.safetensors")
	if err := last.Save(plain); err != nil {
		t.Fatal(err)
	}
	f, err := safetensors.ReadFile(plain)
	if err != nil || f.Tensors[0].Name != "f.weight" || len(f.Tensors) != len(last.Parameters) {
		t.Errorf("expected the parameters alone, under PyTorch's names, got %v, %v", f.Tensors, err)
	}
	for _, path := range []string{plain, last.Path} {
		loaded, err := LoadTrained(brief(), path)
		if err != nil {
			t.Fatal(err)
		}
		if train.Fingerprint(loaded.Parameters) != train.Fingerprint(last.Parameters) {
			t.Errorf("%s: expected the weights that were saved, got others", path)
		}
	}
}

func TestTrainedRefuses(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := newRun(t, dir, brief(), often)
	if err := record(t, r, brief(), stop{}); err != nil {
		t.Fatal(err)
	}
	d := openRun(t, dir)
	for which, want := range map[string]string{
		"newest":  `checkpoint: expected best, last or step-N, got "newest"`,
		"step-03": `checkpoint: expected best, last or step-N, got "step-03"`,
		"../last": `checkpoint: expected best, last or step-N, got "../last"`,
		"step-1":  "expected a checkpoint, got no such file; there are step-0, step-3, ",
	} {
		if _, err := d.Trained(which); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: expected %s, got %v", which, want, err)
		}
	}
	deeper := brief()
	deeper.Depth = 2
	if _, err := LoadTrained(deeper, checkpoint.Path(dir, 28)); err == nil || !strings.Contains(err.Error(), "expected the model's tensors, got 12 differences") {
		t.Errorf("C13: expected the differences, got %v", err)
	}
	last, err := d.Trained(LastCheckpoint)
	if err != nil {
		t.Fatal(err)
	}
	for name, set := range map[string]*data.Set{
		"s: expected images of 1x28x28, which the network was made for, got 1x28x27": {Name: "s", Shape: [3]int{1, 28, 27}, Classes: 10},
		"s: expected 10 classes, which the network was made for, got 26":             {Name: "s", Shape: [3]int{1, 28, 28}, Classes: 26},
	} {
		if err := last.CheckData(set); err == nil || err.Error() != name {
			t.Errorf("A14: expected %s, got %v", name, err)
		}
	}
}
