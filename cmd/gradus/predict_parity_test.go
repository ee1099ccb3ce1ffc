package main

import (
	"encoding/binary"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gradus/internal/fixture"
	"gradus/safetensors"
)

// predictedLogits is how far the logits of float32 may be from those of PyTorch in
// float64: the bound of the fixtures for linear layers.
var predictedLogits = fixture.Bound{Relative: 2e-6}

// The same weights give PyTorch's logits through the command: for every network of
// the fixtures, and its checkpoint as PyTorch would save it.
func TestPredictionsArePyTorchs(t *testing.T) {
	dir := t.TempDir()
	images := filepath.Join(dir, "images.npy")
	writeImages(t, images)
	ran := map[string]bool{}
	for _, name := range fixture.List(t, "traj_*.safetensors") {
		f := fixture.Load(t, name)
		if f.Metadata["input"] == "x/255" {
			continue // the command normalises as MNIST is
		}
		ran[f.Metadata["kind"]] = true
		t.Run(strings.TrimSuffix(name, ".safetensors"), func(t *testing.T) {
			weights := filepath.Join(dir, name)
			writeInitialWeights(t, weights, f)
			out, err := exec.Command("gradus", "predict", "--weights", weights, "--net", f.Metadata["kind"],
				"--depth", f.Metadata["depth"], "--kernel", f.Metadata["kernel_dim"], "--raw", "--json", images).Output()
			if err != nil {
				t.Fatal(err)
			}
			if err := predictedLogits.Check(logits(t, out), f.Tensor(t, "step1/logits_f64").Data); err != nil {
				t.Errorf("logits: %v", err)
			}
		})
	}
	for _, kind := range []string{"plain", "residual", "gated", "convex"} {
		if !ran[kind] {
			t.Errorf("expected a fixture of the network %s, got none", kind)
		}
	}
}

// writeImages writes the first batch of the fixtures as numpy.save does.
func writeImages(t *testing.T, path string) {
	t.Helper()
	header := "{'descr': '|u1', 'fortran_order': False, 'shape': (16, 28, 28), }\n"
	file := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	file = append(file, header...)
	for _, u := range fixture.Load(t, "mnist160.safetensors").Tensor(t, "images").Data[:16*28*28] {
		file = append(file, byte(u))
	}
	if err := os.WriteFile(path, file, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writeInitialWeights writes the parameters before the first step, in PyTorch's
// order and under its names.
func writeInitialWeights(t *testing.T, path string, f *fixture.File) {
	t.Helper()
	var order []string
	if err := json.Unmarshal([]byte(f.Metadata["param_order"]), &order); err != nil {
		t.Fatal(err)
	}
	var tensors []safetensors.Tensor
	for _, name := range order {
		p := f.Tensor(t, "init/"+name)
		tensors = append(tensors, safetensors.New(name, p.Shape, fixture.Narrow[float32](p.Data)))
	}
	if err := safetensors.WriteFile(path, tensors, map[string]string{"format": "pt"}); err != nil {
		t.Fatal(err)
	}
}

// logits are those of all lines of JSON.
func logits(t *testing.T, lines []byte) []float64 {
	t.Helper()
	var all []float64
	for line := range strings.Lines(string(lines)) {
		var p struct {
			Logits []float64 `json:"logits"`
		}
		if err := json.Unmarshal([]byte(line), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p.Logits...)
	}
	return all
}
