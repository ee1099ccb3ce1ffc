package checkpoint

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"gradus/graph"
	"gradus/train"
)

// example is a small checkpoint; others have other numbers.
func example(step int) *Checkpoint {
	weight, velocity := graph.NewTensor(2, 3), graph.NewTensor(2, 3)
	for i := range weight.Data {
		weight.Data[i], velocity.Data[i] = float32(step+i), -float32(step*i)
	}
	return &Checkpoint{
		Snapshot: train.Snapshot{
			Steps: step, Epochs: step / 10, Samples: step % 10, Losses: 1.0 / float64(step+3), Errors: float64(step % 7),
			Weights: []graph.Parameter{{Name: "f.weight", Tensor: weight}},
			Memory:  []graph.Parameter{{Name: "velocity/f.weight", Tensor: velocity}},
		},
		Seed: 1<<64 - 1, Settings: `{"net":"plain"}`, Data: "0123",
	}
}

func encoded(t testing.TB, c *Checkpoint) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := c.write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// put writes files into a folder, which is made anew.
func put(t testing.TB, dir string, files map[string][]byte) {
	t.Helper()
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(dir, Folder), 0o777); err != nil {
		t.Fatal(err)
	}
	for path, data := range files {
		if err := os.WriteFile(filepath.Join(dir, path), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
