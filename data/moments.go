package data

import "math"

// Moments returns the mean and the standard deviation of all pixels, all channels taken together, on the scale 0 to 1. They are
// exact but for the rounding of the result; a set without samples has 0 and 0.
func (s *Set) Moments() (mean, std float64) {
	if len(s.Images) == 0 {
		return 0, 0
	}
	var counts [256]uint64
	for _, b := range s.Images {
		counts[b]++
	}
	var sum, squares float64 // whole numbers: exact far beyond what fits in memory
	for v, n := range counts {
		sum += float64(n) * float64(v)
		squares += float64(n) * float64(v*v)
	}
	n := float64(len(s.Images))
	mean = sum / n
	return mean / 255, math.Sqrt(max(0, squares/n-mean*mean)) / 255
}
