package op_test

import (
	"math"
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
)

var (
	ln2 = math.Log(2)
	ln3 = math.Log(3)
)

func TestG09LogSoftmax(t *testing.T) {
	x := samples([]float64{
		0, 0, ln2,
		1000, 1000, 1000 + ln2, // as large as this nothing overflows
		-inf, 0, 0, // impossible, but not a mistake
		inf, 0, 0, // Inf - Inf is not a number, as in the formula
		nan, 0, 0,
	}, 5, 3)
	got := apply(t, unary(op.LogSoftmax), x)
	want := []float64{
		-2 * ln2, -2 * ln2, -ln2,
		-2 * ln2, -2 * ln2, -ln2,
		-inf, -ln2, -ln2,
		nan, nan, nan,
		nan, nan, nan,
	}
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-12 || math.IsNaN(got[i]) != math.IsNaN(want[i]) {
			t.Errorf("element %d: expected %v, got %v", i, want[i], got[i])
		}
	}
}

func TestCrossEntropyLosses(t *testing.T) {
	logits := samples([]float64{0, 0, ln2, 0, 0, ln2, 0, 0, ln2, 0, 0, ln2}, 4, 3)
	targets := labels(0, 2, -1, 3)
	losses := binary(op.CrossEntropyLosses)
	expect(t, apply(t, losses, logits, targets), []float64{2 * ln2, ln2, nan, nan})
	expect(t, gradients(t, losses, []float64{4, 8, 1, 1}, logits, targets)[0], []float64{
		-3, 1, 2,
		2, 2, -4,
		nan, nan, nan,
		nan, nan, nan,
	})
}

// Only the first samples count, and the others' losses may be anything.
func TestBatchMean(t *testing.T) {
	x := samples([]float64{1, 2, 6, nan}, 4)
	for _, test := range []struct{ valid, mean float64 }{{0, 0}, {1, 1}, {2, 1.5}, {3, 3}} {
		count := parameter([]float64{test.valid})
		count.Fixed = true
		expect(t, apply(t, binary(op.BatchMean), x, count), []float64{test.mean})
		want := make([]float64, 4)
		for i := range int(test.valid) {
			want[i] = 6 / test.valid
		}
		expect(t, gradients(t, binary(op.BatchMean), []float64{6}, x, count)[0], want)
	}
	all := unary(func(x *graph.Value) *graph.Value { return op.BatchMean(x, nil) })
	expect(t, apply(t, all, samples([]float64{1, 2, 6}, 3)), []float64{3})
	expect(t, apply(t, all, samples(nil, 0)), []float64{0})
}

func TestCrossEntropy(t *testing.T) {
	mean := func(in []*graph.Value) *graph.Value { return op.CrossEntropy(in[0], in[1], in[2]) }
	count := parameter([]float64{2})
	count.Fixed = true
	in := []optest.Input{samples([]float64{0, 0, 0, ln3, 5, 5}, 3, 2), labels(0, 1, 0), count}
	expect(t, apply(t, mean, in...), []float64{(ln2 + (2*ln2 - ln3)) / 2})
	expect(t, gradients(t, mean, []float64{1}, in...)[0], []float64{-0.25, 0.25, 0.125, -0.125, 0, 0})
}

func TestErrorCount(t *testing.T) {
	logits := samples([]float64{
		1, 2, 0,
		3, 3, 1, // the first of equal logits is the largest
		1, nan, inf, // NaN is larger than any number
		nan, nan, 0, // the first of them
		-inf, -inf, -inf,
	}, 5, 3)
	right, wrong := labels(1, 0, 1, 0, 0), labels(0, 1, 2, 1, 9)
	count := func(in []*graph.Value) *graph.Value {
		if len(in) == 2 {
			return op.ErrorCount(in[0], in[1], nil)
		}
		return op.ErrorCount(in[0], in[1], in[2])
	}
	expect(t, apply(t, count, logits, right), []float64{0})
	expect(t, apply(t, count, logits, wrong), []float64{5})
	expect(t, apply(t, count, logits, wrong, parameter([]float64{3})), []float64{3})
	expect(t, apply(t, count, logits, wrong, parameter([]float64{0})), []float64{0})
}

func TestNonFiniteCount(t *testing.T) {
	count := func(in []*graph.Value) *graph.Value { return op.NonFiniteCount(in...) }
	largest := math.MaxFloat32
	expect(t, apply(t, count, samples([]float64{1, nan, -largest}, 3), parameter([]float64{inf}), parameter([]float64{-inf, 0}, 1, 2)), []float64{3})
	expect(t, apply(t, count, samples(nil, 0, 4)), []float64{0})
}
