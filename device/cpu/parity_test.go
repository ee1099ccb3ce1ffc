package cpu

import (
	"testing"

	"gradus/internal/parity"
)

// TestParity compares the kernels with PyTorch.
func TestParity(t *testing.T) {
	dev := New(Options{Threads: 2, poison: true})
	t.Run("ops", func(t *testing.T) { parity.Ops(t, dev, parity.Float32) })
	t.Run("argmax", func(t *testing.T) { parity.Argmax(t, dev, parity.Float32) })
	t.Run("trajectories", func(t *testing.T) { parity.Trajectories(t, dev, parity.Float32) })
}

// TestOutside runs other projects' test suites.
func TestOutside(t *testing.T) {
	dev := New(Options{Threads: 1, poison: true})
	t.Run("onnx", func(t *testing.T) { parity.ONNX(t, dev, parity.Float32) })
	t.Run("webnn", func(t *testing.T) { parity.WebNN(t, dev, parity.Float32) })
	t.Run("literals", func(t *testing.T) { parity.Literals(t, dev, parity.Float32) })
}
