package diagnose

import (
	"fmt"
	"math"
	"slices"
)

// What counts as growth of a loss, in the definition of Diverging.
const (
	fast       = 2    // times the lowest loss before
	fastLeast  = 0.1  // of the loss of guessing, at least
	slow       = 1.1  // times, over so many epochs
	slowLeast  = 0.01 // of the loss of guessing, at least
	slowEpochs = 3
)

// Diverging reports whether a training undoes what it has learned, given the
// mean training losses of its epochs so far. It compares with guessing: the cross
// entropy of a network for which all classes are equally likely, log(classes),
// which is what a training begins with. The last loss
//
//   - is more than twice the lowest so far, that of guessing included, and more
//     than a tenth of that of guessing above it, or
//   - has grown three times in a row, by a tenth of itself and a hundredth of
//     that of guessing together, or
//   - is not finite.
func Diverging(losses []float64, classes int) bool {
	if len(losses) == 0 {
		return false
	}
	guessing := math.Log(float64(classes))
	n := len(losses) - 1
	last, lowest := losses[n], guessing
	for _, loss := range losses[:n] {
		lowest = min(lowest, loss)
	}
	switch {
	case math.IsNaN(last) || math.IsInf(last, 0):
		return true
	case last > max(fast*lowest, lowest+fastLeast*guessing):
		return true
	case n < slowEpochs || !slices.IsSorted(losses[n-slowEpochs:]):
		return false
	}
	from := losses[n-slowEpochs]
	return last > max(slow*from, from+slowLeast*guessing)
}

func divergingWarning(losses []float64, classes int) Warning {
	n := len(losses) - 1
	from, of := math.Log(float64(classes)), "of guessing"
	for i, loss := range losses[:n] {
		if loss < from {
			from, of = loss, fmt.Sprintf("in epoch %d", i+1)
		}
	}
	return Warning{
		Kind:    LossDiverges,
		Message: fmt.Sprintf("diverging: training loss %.3g in epoch %d, %.3g %s", losses[n], n+1, from, of),
		Hint:    "try a smaller learning rate, or less momentum",
	}
}
