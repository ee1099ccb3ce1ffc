package train

import (
	"fmt"
	"math"
	"strconv"
)

// Range is what a RangeTest found.
type Range struct {
	Points   []RangePoint `json:"points"`
	Start    RangePoint   `json:"start"`    // the first point
	Steepest RangePoint   `json:"steepest"` // where the smoothed loss falls fastest, per factor of the rate
	Lowest   RangePoint   `json:"lowest"`   // where the smoothed loss is lowest
	// Diverged is where the smoothed loss, after its lowest point, has risen half
	// of the way back to the start, or the last point before it exploded; nil
	// where it did neither.
	Diverged *RangePoint `json:"diverged"`

	exploded bool // the last point was the last before
}

// RangePoint is a step of a RangeTest.
type RangePoint struct {
	LearningRate float64 `json:"lr"`
	Loss         float64 `json:"loss"`      // mean over the batch, before the update
	Smoothed     float64 `json:"smoothed"`  // mean over the steps around
	Deviation    float64 `json:"deviation"` // of the losses around from that mean
}

// few is over how many steps the loss is averaged while the test runs.
const few = minRangeSteps

// begin is the loss before anything was learned.
func (r *Range) begin() float64 { return meanLoss(r.Points[:min(few, len(r.Points))]) }

// recent is the loss of the last steps.
func (r *Range) recent() float64 { return meanLoss(r.Points[max(0, len(r.Points)-few):]) }

func meanLoss(points []RangePoint) float64 {
	sum := 0.0
	for _, p := range points {
		sum += p.Loss
	}
	return sum / float64(len(points))
}

// smoothing is the standard deviation, in decades of the learning rate, of the
// Gaussian that smooths losses. A mean over the steps around a point, unlike
// one over those before it, does not lag.
const smoothing = 0.125

// smooth computes the smoothed losses and their deviations. A loss counts at
// most as twice the one at the start: an explosion must not show before it
// happens.
func (r *Range) smooth() {
	p := r.Points
	limit := 2 * r.begin()
	decades := math.Log10(p[len(p)-1].LearningRate/p[0].LearningRate) / float64(len(p)-1)
	deviation := smoothing / decades // in steps
	reach := int(math.Ceil(3 * deviation))
	for i := range p {
		sum, squares, weights := 0.0, 0.0, 0.0
		for j := max(0, i-reach); j <= min(len(p)-1, i+reach); j++ {
			d := float64(j-i) / deviation
			w := math.Exp(-d * d / 2)
			loss := math.Min(limit, p[j].Loss)
			sum, squares, weights = sum+w*loss, squares+w*loss*loss, weights+w
		}
		mean := sum / weights
		p[i].Smoothed, p[i].Deviation = mean, math.Sqrt(math.Max(0, squares/weights-mean*mean))
	}
}

// judge finds the points that matter.
func (r *Range) judge() {
	p := r.Points
	lowest := 0
	for i := range p {
		if p[i].Smoothed < p[lowest].Smoothed {
			lowest = i
		}
	}
	slope := func(i int) float64 { return p[i+1].Smoothed - p[i-1].Smoothed }
	steepest := 1
	for i := 1; i < lowest; i++ {
		if i+1 < len(p) && slope(i) < slope(steepest) {
			steepest = i
		}
	}
	r.Start, r.Steepest, r.Lowest = p[0], p[steepest], p[lowest]
	halfway := (r.Start.Smoothed + r.Lowest.Smoothed) / 2
	for i := lowest; i < len(p); i++ {
		if p[i].Smoothed > halfway {
			r.Diverged = &p[i]
			return
		}
	}
	if r.exploded {
		r.Diverged = &p[len(p)-1]
	}
}

// Suggestion is a learning rate to begin with: where the loss falls fastest, or
// a tenth of where it diverges, whichever is smaller, to two digits. The error
// says that the loss did not fall enough to tell.
func (r *Range) Suggestion() (float64, error) {
	if fell := 1 - r.Lowest.Smoothed/r.Start.Smoothed; fell < 0.1 {
		return 0, fmt.Errorf("range: expected the loss to fall by a tenth, got %.3f to %.3f; a network that trains, or more steps, may help",
			r.Start.Smoothed, r.Lowest.Smoothed)
	}
	rate := r.Steepest.LearningRate
	if r.Diverged != nil {
		rate = math.Min(rate, r.Diverged.LearningRate/10)
	}
	return strconv.ParseFloat(strconv.FormatFloat(rate, 'g', 2, 64), 64)
}
