package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"gradus/data"
)

// margin is how much better than chance a training must be: a percentage point.
const margin = 0.01

// Chance is the error of who always answers the most frequent class of a set:
// what a network that has learned nothing but the shares of the classes reaches.
// It is 0 for an empty set.
func Chance(set *data.Set) float64 {
	if set.Len() == 0 {
		return 0
	}
	counts := make([]int, set.Classes)
	for _, label := range set.Labels {
		counts[label]++
	}
	return 1 - float64(slices.Max(counts))/float64(set.Len())
}

// Stuck reports whether a training has learned nothing: the training error of
// its last epoch is not a percentage point better than chance, that of Chance on
// the training set. It is the one definition of a stuck run. A learning rate far
// too large makes errors worse than chance; these are stuck as well.
func Stuck(trainError, chance float64) bool { return trainError >= chance-margin }

func stuckWarning(trainError, chance float64, epochs int, last bool) Warning {
	w := Warning{
		Kind: StuckAtChance,
		Message: fmt.Sprintf("stuck at chance: training error %.2f%% in epoch %d, %.2f%% by always answering the most frequent class",
			100*trainError, epochs, 100*chance),
		Hint: "try another learning rate, a smaller one first, or another seed; deep networks need shortcuts, as residual and gated blocks have",
	}
	if !last {
		w.Message = strings.Replace(w.Message, "chance:", "chance so far:", 1)
	}
	return w
}
