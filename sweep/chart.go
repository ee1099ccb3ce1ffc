package sweep

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"gradus/report/plot"
	"gradus/train"
)

// maxLines is how many settings a chart shows: more cannot be told apart.
const maxLines = 12

// Charts are the training error and the measured error against the epoch, a
// line per setting and a band of one standard deviation where there are several
// seeds, of those that trained. Many settings show the best of them. There are none where no training
// finished.
func (s *Summary) Charts() (training, measured plot.Chart, ok bool) {
	rows := s.drawn()
	if len(rows) == 0 {
		return training, measured, false
	}
	return s.chart(rows, "Training", func(e train.Epoch) float64 { return e.Train.Error }),
		s.chart(rows, s.Measured, func(e train.Epoch) float64 { return e.Test.Error }), true
}

// drawn are the best rows with something to draw, in the order of the grid.
func (s *Summary) drawn() []Row {
	var rows []Row
	for _, r := range s.Rows {
		if r.Finished > 0 && len(rows) < maxLines {
			rows = append(rows, r)
		}
	}
	slices.SortFunc(rows, func(a, b Row) int { return a.Trials[0].Index - b.Trials[0].Index })
	return rows
}

func (s *Summary) chart(rows []Row, what string, of func(train.Epoch) float64) plot.Chart {
	c := plot.Chart{X: "epoch", Y: strings.ToLower(what) + " error", Percent: true, LogY: true}
	title := []string{what + " error: " + s.Fixed()}
	if slices.ContainsFunc(rows, func(r Row) bool { return len(r.shown()) > 1 }) {
		title = append(title, "bands of one standard deviation")
	}
	if len(rows) == maxLines && len(rows) < len(s.Rows) {
		title = append(title, fmt.Sprintf("the best %d of %d settings", len(rows), len(s.Rows)))
	}
	c.Title = strings.Join(title, "; ")
	for _, r := range rows {
		c.Series = append(c.Series, s.series(r, of))
	}
	if c.Empty() {
		c.LogY = false // all errors are 0
	}
	return c
}

// series is the line of a setting.
func (s *Summary) series(r Row, of func(train.Epoch) float64) plot.Series {
	line := plot.Series{Name: s.Grid.Varying(r.Settings).short()}
	shown := r.shown()
	for epoch := 0; ; epoch++ {
		var values []float64
		for _, t := range shown {
			if epoch < len(t.Result.Epochs) {
				values = append(values, of(t.Result.Epochs[epoch]))
			}
		}
		if len(values) == 0 {
			return line
		}
		spread := SpreadOf(values)
		line.X, line.Mean = append(line.X, float64(epoch+1)), append(line.Mean, spread.Mean)
		if len(shown) > 1 {
			// On a logarithmic axis a band cannot reach down to 0.
			line.Low = append(line.Low, math.Max(slices.Min(values)/2, spread.Mean-spread.Deviation))
			line.High = append(line.High, math.Min(1, spread.Mean+spread.Deviation))
		}
	}
}

// short is what a legend says: residual, lr 0.05.
func (s Settings) short() string {
	var parts []string
	for _, one := range s {
		switch axis, _ := find(one.Name); {
		case one.Value == "":
		case axis.form == word:
			parts = append(parts, one.Value)
		default:
			parts = append(parts, one.Name+" "+one.Value)
		}
	}
	return strings.Join(parts, ", ")
}
