package train

import (
	"math"
	"testing"
)

// curve makes a range of losses at rates from 1e-4 to 10.
func curve(steps int, loss func(rate float64) float64) *Range {
	r := &Range{}
	o := RangeOptions{Steps: steps}.complete()
	for i := range steps {
		rate := o.rate(i)
		r.Points = append(r.Points, RangePoint{LearningRate: rate, Loss: loss(rate)})
	}
	r.smooth()
	r.judge()
	return r
}

// logistic falls from 0 to -1 around a rate, steepest there.
func logistic(rate, middle float64) float64 { return -1 / (1 + math.Pow(middle/rate, 5)) }

func TestRangeFindsThePoints(t *testing.T) {
	r := curve(1000, func(rate float64) float64 { return 2.3 + 2*logistic(rate, 0.01) - 4*logistic(rate, 2) })
	near := func(name string, got, want float64) {
		t.Helper()
		if math.Abs(math.Log10(got/want)) > 0.05 {
			t.Errorf("%s: expected about %v, got %v", name, want, got)
		}
	}
	near("steepest", r.Steepest.LearningRate, 0.01)
	near("lowest", r.Lowest.LearningRate, 0.13)
	if r.Diverged == nil {
		t.Fatal("expected a divergence, got none")
	}
	near("diverged", r.Diverged.LearningRate, 1.6) // where 4 / (1 + (2/x)^5) is 1
	if got, err := r.Suggestion(); err != nil || got != 0.01 {
		t.Errorf("expected the steepest rate, 0.01, got %v, %v", got, err)
	}

	// It diverges soon after it falls: a tenth of that is smaller.
	r = curve(1000, func(rate float64) float64 { return 2.3 + 2*logistic(rate, 0.01) - 4*logistic(rate, 0.05) })
	near("diverged", r.Diverged.LearningRate, 0.04)
	if got, err := r.Suggestion(); err != nil || math.Abs(got-r.Diverged.LearningRate/10) > 1e-4 {
		t.Errorf("expected a tenth of %v, got %v, %v", r.Diverged.LearningRate, got, err)
	}

	// It never diverges.
	r = curve(1000, func(rate float64) float64 { return 2.3 + 2*logistic(rate, 0.1) })
	if got, err := r.Suggestion(); r.Diverged != nil || err != nil || got != 0.1 {
		t.Errorf("expected 0.1 and no divergence, got %v, %v, %v", got, err, r.Diverged)
	}
}

// The number of steps decides how much is seen, not what the curve is.
func TestRangeSmoothingDoesNotDependOnSteps(t *testing.T) {
	loss := func(rate float64) float64 { return 2.3 + 2*logistic(rate, 0.01) }
	few, many := curve(500, loss), curve(1999, loss)
	for i := range few.Points {
		a, b := few.Points[i], many.Points[min(1998, i*1998/499)]
		if math.Abs(math.Log10(a.LearningRate/b.LearningRate)) < 1e-9 && math.Abs(a.Smoothed-b.Smoothed) > 0.01 {
			t.Errorf("lr %v: expected the same curve, got %v and %v", a.LearningRate, a.Smoothed, b.Smoothed)
		}
	}
}

// An explosion at the end does not reach back.
func TestRangeExplosion(t *testing.T) {
	loss := func(rate float64) float64 {
		if rate > 5 {
			return 1e30
		}
		return 2.3 + 2*logistic(rate, 0.1)
	}
	r := curve(1000, loss)
	if r.Steepest.LearningRate < 0.09 || r.Steepest.LearningRate > 0.11 || r.Lowest.Smoothed < 0.3 {
		t.Errorf("expected the curve before the explosion, got %+v", r)
	}
	r.exploded, r.Diverged = true, nil
	r.Points = r.Points[:900]
	r.judge()
	if r.Diverged == nil || r.Diverged.LearningRate != r.Points[899].LearningRate {
		t.Errorf("expected the last point before the explosion, got %+v", r.Diverged)
	}
}

func TestRangeOfNothing(t *testing.T) {
	r := curve(100, func(float64) float64 { return 2.3 })
	if got, err := r.Suggestion(); err == nil {
		t.Errorf("expected no suggestion for a loss that does not fall, got %v", got)
	}
}
