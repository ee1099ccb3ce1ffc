package reference_test

import (
	"testing"

	"gradus/device/reference"
	"gradus/internal/parity"
)

// TestParity compares the references of the operations with PyTorch in both
// precisions: in float64 to the last digits, in float32 as other devices are.
func TestParity(t *testing.T) {
	dev := reference.New()
	for _, p := range []parity.Precision{parity.Float64, parity.Float32} {
		t.Run(p.String(), func(t *testing.T) {
			t.Run("ops", func(t *testing.T) { parity.Ops(t, dev, p) })
			t.Run("argmax", func(t *testing.T) { parity.Argmax(t, dev, p) })
			t.Run("trajectories", func(t *testing.T) { parity.Trajectories(t, dev, p) })
		})
	}
}

// TestOutside runs other projects' test suites.
func TestOutside(t *testing.T) {
	dev := reference.New()
	t.Run("onnx", func(t *testing.T) { parity.ONNX(t, dev, parity.Float64) })
	t.Run("webnn", func(t *testing.T) { parity.WebNN(t, dev, parity.Float64) })
	t.Run("literals", func(t *testing.T) { parity.Literals(t, dev, parity.Float64) })
}
