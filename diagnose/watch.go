package diagnose

import (
	"gradus/data"
	"gradus/train"
)

// What a training must have done before it is called stuck. Networks of the zoo
// learn little in their first hundreds of steps, some nothing in their first
// epoch; a short training is just that.
const (
	fewestSteps = 500
	earlyEpochs = 3 // after so many at chance a training is warned of while it runs
)

// Watch looks at the epochs of one training as they come.
type Watch struct {
	chance   Chances
	classes  int
	steps    int // of an epoch
	losses   []float64
	stuck    bool // after the last epoch
	learned  bool // an epoch was better than chance
	diverged bool // has been warned of
}

// NewWatch makes a watch for a training on a set, in batches of the given size,
// that is measured on another after every epoch.
func NewWatch(set, measured *data.Set, batch int) *Watch {
	return &Watch{
		chance: Chances{Chance(set), Chance(measured)}, classes: set.Classes, steps: (set.Len() + batch - 1) / max(batch, 1),
	}
}

// Epoch returns what there is to say after an epoch; last says that no other
// follows. A divergence is told once, in the epoch in which it shows. A training
// that is stuck is told of at its end, and once before, when it has been at
// chance for its first three epochs.
func (w *Watch) Epoch(e train.Epoch, last bool) []Warning {
	var list []Warning
	w.losses = append(w.losses, e.Train.Loss)
	epochs := len(w.losses)
	w.stuck = Stuck(e, w.chance)
	w.learned = w.learned || !w.stuck
	if !w.diverged && Diverging(w.losses, w.classes) {
		w.diverged = true
		list = append(list, divergingWarning(w.losses, w.classes))
	}
	if early := epochs == earlyEpochs && !w.learned; w.stuck && (last || early) && epochs*w.steps >= fewestSteps {
		list = append(list, stuckWarning(e, w.chance, epochs, last))
	}
	return list
}

// Stuck reports whether the training knows nothing after its last epoch so far.
func (w *Watch) Stuck() bool { return w.stuck }

// Diverged reports whether the training has ever undone what it had learned.
func (w *Watch) Diverged() bool { return w.diverged }
