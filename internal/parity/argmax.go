package parity

import (
	"slices"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/op"
)

// Argmax checks which class counts as a row's answer: the first of several
// maxima, and a NaN before any number. It is seen in the count of errors: for
// each row, only the right label gives none.
func Argmax(t *testing.T, dev device.Device, p Precision) {
	f := fixture.Load(t, "argmax.safetensors")
	logits, answers := f.Tensor(t, "argmax/in"), f.Tensor(t, "argmax/out").Data
	classes := logits.Shape[1]
	for i, answer := range answers {
		for label := range classes {
			row := logits.Data[i*classes : (i+1)*classes]
			want := 1.0
			if float64(label) == answer {
				want = 0
			}
			if got := countErrors(t, dev, p, row, []float64{float64(label)}); got != want {
				t.Errorf("row %v, label %d: expected %v errors, got %v", row, label, want, got)
			}
		}
	}
	if got := countErrors(t, dev, p, logits.Data, answers); got != 0 {
		t.Errorf("all rows: expected no errors, got %v", got)
	}
	next := slices.Clone(answers)
	for i := range next {
		next[i] = float64((int(next[i]) + 1) % classes)
	}
	if got, want := countErrors(t, dev, p, logits.Data, next), float64(len(answers)); got != want {
		t.Errorf("all rows with wrong labels: expected %v errors, got %v", want, got)
	}
}

func countErrors(t *testing.T, dev device.Device, p Precision, logits, answers []float64) float64 {
	t.Helper()
	rows := len(answers)
	c := computation{
		operands: []operand{samples("x", []int{rows, len(logits) / rows}, logits), labels("y", answers)},
		apply: func(x map[string]*graph.Value) *graph.Value {
			valid := x["x"].Builder().Constant(float64(rows), graph.Type{DType: graph.Float32, Shape: graph.Shape{}})
			return op.ErrorCount(x["x"], x["y"], valid)
		},
	}
	got, err := c.run(dev, p)
	if err != nil {
		t.Fatal(err)
	}
	return got[result][0]
}
