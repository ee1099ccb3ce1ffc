package report

import (
	"fmt"
	"strconv"
	"strings"
)

// StageLine announces a stage of a training:
//
//	training nbatch = 016, lr = 0.07, momentum = 0.00
func StageLine(batch int, learningRate, momentum float64) string {
	return fmt.Sprintf("training nbatch = %03d, lr = %s, momentum = %s", batch, decimal(learningRate), decimal(momentum))
}

// EpochLine is the result of an epoch, its errors shares from 0 to 1:
//
//	Epoch 001/002, Train Error 10.15% || Test Error 3.25%
//
// Set is what the second error was measured on, Test or Validation.
func EpochLine(epoch, epochs int, trainError float64, set string, setError float64) string {
	return fmt.Sprintf("Epoch %03d/%03d, Train Error %s || %s", epoch, epochs, Percent(trainError), ErrorOn(set, setError))
}

// ErrorOn is an error, a share from 0 to 1, on a set: Test Error 3.25%.
func ErrorOn(set string, share float64) string {
	return set + " Error " + Percent(share)
}

// Percent is a share from 0 to 1 in percent: 3.25%.
func Percent(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }

// decimal writes a number with as many decimals as it takes, at least two.
func decimal(x float64) string {
	s := strconv.FormatFloat(x, 'f', -1, 64)
	_, decimals, ok := strings.Cut(s, ".")
	if !ok {
		s += "."
	}
	return s + strings.Repeat("0", max(0, 2-len(decimals)))
}
