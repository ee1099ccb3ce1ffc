package bench_test

import (
	"strings"
	"testing"

	"gradus/bench"
	"gradus/run"
)

func TestCheckpoint(t *testing.T) {
	sets, err := run.OpenSets(run.MNIST)
	if err != nil {
		t.Fatal(err)
	}
	small := &run.Sets{Train: sets.Train.Slice(0, 200), Test: sets.Test.Slice(0, 50)}
	dir := t.TempDir()
	c, err := bench.Checkpoint(t.Context(), small, 1, dir)
	if err != nil {
		t.Fatal(err)
	}
	if c.Folder != dir || c.Epochs < 10 || !(c.Without > 0) || !(c.With > 0) {
		t.Errorf("expected times of some epochs in %s, got %+v", dir, c)
	}
	var text strings.Builder
	if err := c.WriteText(&text); err != nil || !strings.HasPrefix(text.String(), "an epoch takes ") {
		t.Errorf("expected a line, got %q, %v", &text, err)
	}
}
