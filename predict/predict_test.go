package predict_test

import (
	"fmt"
	"math"
	"testing"

	"gradus/predict"
)

func ExampleTop() {
	for _, g := range predict.Top([]float32{1, 3, 2}, 2) {
		fmt.Printf("class %d: %.1f%%\n", g.Class, 100*g.Probability)
	}
	// Output:
	// class 1: 66.5%
	// class 2: 24.5%
}

func TestTop(t *testing.T) {
	nan, inf := float32(math.NaN()), float32(math.Inf(1))
	for _, tt := range []struct {
		logits []float32
		k      int
		want   string
	}{
		{[]float32{0, 0}, 2, "[{0 0.5} {1 0.5}]"},
		{[]float32{1e4, -1e4, 1e4}, 9, "[{0 0.5} {2 0.5} {1 0}]"},
		{[]float32{-inf, 0}, 2, "[{1 1} {0 0}]"},
		{[]float32{5, nan, 9, nan}, 4, "[{1 NaN} {3 NaN} {2 NaN} {0 NaN}]"},
		{[]float32{inf, 0}, 1, "[{0 NaN}]"},
	} {
		if got := fmt.Sprint(predict.Top(tt.logits, tt.k)); got != tt.want {
			t.Errorf("%v: expected %s, got %s", tt.logits, tt.want, got)
		}
	}
}

func TestLoss(t *testing.T) {
	for _, tt := range []struct {
		logits []float32
		label  int
		want   float64
	}{
		{[]float32{0, 0, 0, 0}, 2, math.Log(4)},
		{[]float32{1e4, -1e4}, 1, 2e4},
		{[]float32{1e4, -1e4}, 0, 0},
		{[]float32{1, 2}, 0, math.Log(1 + math.E)},
	} {
		if got := predict.Loss(tt.logits, tt.label); math.Abs(got-tt.want) > 1e-15*math.Max(1, tt.want) {
			t.Errorf("%v, %d: expected %v, got %v", tt.logits, tt.label, tt.want, got)
		}
	}
}
