package safetensors_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gradus/internal/fixture"
	"gradus/safetensors"
)

// policy is what this reader does with the files about which readers differ.
// The package's documentation says why.
var policy = map[string]string{
	"ok/hf_leading_ws.safetensors":        `expected { as the first byte, got '\t'`,
	"bad/zero_times_overflow.safetensors": "an overflow",
	"bad/extra_field.safetensors":         `expected the keys dtype, shape and data_offsets, got "exec"`,
	"bad/rank_1000.safetensors":           "expected at most 64 numbers, got more",
}

// Other projects' files: the manifest says which load and which are refused.
func TestC01ToC15Corpus(t *testing.T) {
	dir := filepath.Join(fixture.Outside(t), "safetensors")
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, file := range fixture.JSON[[]struct{ File, Expect, Why string }](t, manifest) {
		counts[file.Expect]++
		start := time.Now()
		f, err := safetensors.ReadFile(filepath.Join(dir, filepath.FromSlash(file.File)))
		if took := time.Since(start); took > time.Second {
			t.Errorf("%s: expected an answer within a second, got it after %v", file.File, took)
		}
		switch {
		case file.Expect == "load":
			if err != nil {
				t.Errorf("%s (%s): %v", file.File, file.Why, err)
				continue
			}
			for _, e := range f.Tensors {
				if _, err := f.Tensor(e.Name); err != nil {
					t.Errorf("%s: %v", file.File, err)
				}
			}
		case err == nil:
			t.Errorf("%s (%s): expected a refusal, got none", file.File, file.Why)
		default:
			checkLine(t, err)
			if file.Expect == "policy" && (policy[file.File] == "" || !strings.Contains(err.Error(), policy[file.File])) {
				t.Errorf("%s: expected %s, got %v", file.File, policy[file.File], err)
			}
		}
	}
	if counts["load"] < 11 || counts["reject"] < 55 || counts["policy"] != len(policy) {
		t.Errorf("expected at least 11, 55 and exactly %d files, got %v", len(policy), counts)
	}
}
