package diagnose_test

import (
	"math"
	"testing"

	"gradus/data"
	"gradus/diagnose"
	"gradus/train"
)

// labelled is a set of images of one pixel.
func labelled(classes int, labels ...int32) *data.Set {
	return &data.Set{Name: "labels", Images: make([]byte, len(labels)), Shape: [3]int{1, 1, 1}, Labels: labels, Classes: classes, Std: 1}
}

func TestChance(t *testing.T) {
	for _, test := range []struct {
		set  *data.Set
		want float64
	}{
		{labelled(3, 0, 1, 2), 2. / 3},
		{labelled(4, 3, 1, 3, 0, 3), 2. / 5},
		{labelled(2, 1, 1), 0},
		{labelled(2), 0},
	} {
		if got := diagnose.Chance(test.set); math.Abs(got-test.want) > 1e-15 {
			t.Errorf("%v: expected %v, got %v", test.set.Labels, test.want, got)
		}
	}
}

func TestStuck(t *testing.T) {
	chance := diagnose.Chances{Train: 0.8876, Measured: 0.8865}
	for _, test := range []struct {
		train, measured float64
		want            bool
	}{
		{0.8876, 0.8865, true}, {0.8780, 0.1, true},
		{0.8984, 0.902, true}, {1, 1, true}, // a large learning rate makes it worse than chance
		{0.8770, 0.1, false}, {0.5, 0.5, false}, {0, 0, false},
		{0.2, 0.8865, true}, {0.2, 0.8770, true}, {0.2, 0.8760, false}, // what was lost late
	} {
		e := train.Epoch{Train: train.Score{Error: test.train}, Test: train.Score{Error: test.measured}}
		if got := diagnose.Stuck(e, chance); got != test.want {
			t.Errorf("%v: expected stuck %v, got %v", test, test.want, got)
		}
	}
}

func TestDiverging(t *testing.T) {
	guess := math.Log(10)
	for _, test := range []struct {
		name   string
		losses []float64
		want   bool
	}{
		{"nothing yet", nil, false},
		{"a first epoch like guessing", []float64{guess}, false},
		{"a first epoch much worse than guessing", []float64{2*guess + 0.1}, true},
		{"not a number", []float64{0.3, math.NaN()}, true},
		{"infinite", []float64{math.Inf(1)}, true},
		{"learns", []float64{0.7, 0.3, 0.2, 0.15}, false},
		{"doubles", []float64{0.7, 0.3, 0.61}, true},
		{"doubles what is next to nothing", []float64{0.3, 0.01, 0.03}, false},
		{"is better than its worst but not than its best", []float64{1.8, 0.3, 0.7, 0.65}, true},
		{"stays at chance", []float64{2.3024, 2.3023, 2.3025, 2.3026}, false},
		{"grows slowly", []float64{0.3, 0.253, 0.256, 0.287, 0.336}, true},
		{"grows slowly, twice only", []float64{0.3, 0.256, 0.287, 0.336}, false},
		{"grows slowly from next to nothing", []float64{0.010, 0.011, 0.012, 0.013}, false},
	} {
		if got := diagnose.Diverging(test.losses, 10); got != test.want {
			t.Errorf("%s: expected diverging %v, got %v", test.name, test.want, got)
		}
	}
}
