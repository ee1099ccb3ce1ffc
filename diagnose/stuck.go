package diagnose

import (
	"fmt"
	"slices"
	"strings"

	"gradus/data"
	"gradus/train"
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

// Chances are the errors of chance on the set a training trains on, and on
// that it is measured on after every epoch.
type Chances struct{ Train, Measured float64 }

// Stuck reports whether a training knows nothing after an epoch: its training
// error, or the error it is measured by, is not a percentage point better than
// chance. The first is so where nothing was learned, the second also where it
// was lost again in the course of the epoch. It is the one definition of a stuck
// run. A learning rate far too large makes errors worse than chance; these are
// stuck as well.
func Stuck(e train.Epoch, chance Chances) bool { return stuckInTraining(e, chance) || lost(e, chance) }

func stuckInTraining(e train.Epoch, chance Chances) bool { return e.Train.Error >= chance.Train-margin }

func lost(e train.Epoch, chance Chances) bool { return e.Test.Error >= chance.Measured-margin }

func stuckWarning(e train.Epoch, chance Chances, epochs int, last bool) Warning {
	what, of := fmt.Sprintf("training error %.2f%% in epoch %d", 100*e.Train.Error, epochs), chance.Train
	if !stuckInTraining(e, chance) {
		what, of = fmt.Sprintf("error %.2f%% after epoch %d on samples that are not trained on", 100*e.Test.Error, epochs), chance.Measured
	}
	w := Warning{
		Kind:    StuckAtChance,
		Message: fmt.Sprintf("stuck at chance: %s, %.2f%% by always answering the most frequent class", what, 100*of),
		Hint:    "try another learning rate, a smaller one first, or another seed; deep networks need shortcuts, as residual and gated blocks have",
	}
	if !last {
		w.Message = strings.Replace(w.Message, "chance:", "chance so far:", 1)
	}
	return w
}
