package cpu

import (
	"slices"
	"testing"

	"gradus/op"
)

// TestLinearGradientsAreGated wants the gradient of a relu to be part of that of the
// linear layer behind it, whatever shapes are between them.
func TestLinearGradientsAreGated(t *testing.T) {
	q, _, _ := fuse(reshaped(t, 16))
	var names []string
	for _, n := range q.Nodes {
		names = append(names, n.Op.Name())
	}
	if !slices.Contains(names, linearDataEnding{}.Name()) || slices.Contains(names, op.ReLUGradientOp{}.Name()) {
		t.Errorf("expected gated gradients, got %v", names)
	}
}
