package run

import (
	"fmt"
	"strconv"
	"strings"
)

// Interval is how often a checkpoint is saved: after so many epochs, or after
// so many steps and each epoch besides.
type Interval struct{ Epochs, Steps int }

// EveryEpoch is the default.
var EveryEpoch = Interval{Epochs: 1}

// maxInterval keeps the arithmetic of steps within integers.
const maxInterval = 1_000_000_000

// ParseInterval reads 1ep or 500steps.
func ParseInterval(text string) (Interval, error) {
	for _, unit := range []struct {
		name string
		make func(int) Interval
	}{
		{"ep", func(n int) Interval { return Interval{Epochs: n} }},
		{"steps", func(n int) Interval { return Interval{Steps: n} }},
	} {
		if digits, ok := strings.CutSuffix(text, unit.name); ok {
			if n, err := strconv.Atoi(digits); err == nil && n >= 1 && n <= maxInterval {
				return unit.make(n), nil
			}
		}
	}
	return Interval{}, fmt.Errorf("expected epochs or steps, for instance 1ep or 500steps, got %.40q", text)
}

// String writes the interval the way ParseInterval reads it.
func (i Interval) String() string {
	if i.Steps > 0 {
		return strconv.Itoa(i.Steps) + "steps"
	}
	return strconv.Itoa(i.Epochs) + "ep"
}

// due reports whether a checkpoint is saved behind an epoch, of which so many are
// finished.
func (i Interval) due(epochs int) bool { return i.Steps > 0 || epochs%i.Epochs == 0 }
