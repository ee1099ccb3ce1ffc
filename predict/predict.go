// Package predict makes answers of a network's logits.
package predict

import (
	"cmp"
	"math"
	"slices"
)

// Guess is a class and how likely it is.
type Guess struct {
	Class       int
	Probability float64
}

// Top returns the k likeliest classes of an image's logits, or all where there are
// fewer, the likeliest first and the smaller of equal ones. The first is
// train.Predictor's class: a NaN counts as the largest number.
func Top(logits []float32, k int) []Guess {
	guesses := make([]Guess, len(logits))
	for c, p := range Softmax(logits) {
		guesses[c] = Guess{c, p}
	}
	slices.SortStableFunc(guesses, func(a, b Guess) int {
		x, y := logits[a.Class], logits[b.Class]
		if x != x || y != y {
			return cmp.Compare(rank(x), rank(y))
		}
		return cmp.Compare(y, x)
	})
	return guesses[:min(k, len(guesses))]
}

// rank puts a NaN before all numbers.
func rank(x float32) int {
	if x != x {
		return 0
	}
	return 1
}

// Softmax returns exp(x) / sum exp(x), computed in float64 after the largest logit
// is taken from all, so that no finite logits overflow
// (https://pytorch.org/docs/stable/generated/torch.nn.Softmax.html).
func Softmax(logits []float32) []float64 {
	p, _, sum := exponentials(logits)
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Loss is the cross entropy of an image's logits, in float64: log sum exp(x) less
// the logit of the label
// (https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html).
func Loss(logits []float32, label int) float64 {
	_, largest, sum := exponentials(logits)
	return math.Log(sum) + (largest - float64(logits[label]))
}

// exponentials are exp(x - largest), and their sum. Where a logit is a NaN, all is.
func exponentials(logits []float32) (e []float64, largest, sum float64) {
	largest = float64(slices.Max(logits))
	e = make([]float64, len(logits))
	for i, x := range logits {
		e[i] = math.Exp(float64(x) - largest)
		sum += e[i]
	}
	return e, largest, sum
}
