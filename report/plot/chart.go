package plot

import (
	"fmt"
	"io"
	"math"
)

// Chart is a picture of lines, one per series.
type Chart struct {
	Title string
	X, Y  string // what the axes measure
	// Series are drawn in this order, which decides their colours, dashes and marks.
	Series []Series
	LogX   bool   // X on a logarithmic axis; points at 0 and below are left out
	LogY   bool   // the same for Y, where its values span more than a factor of 3
	Marks  []Mark // points to point out
	// Percent writes the values of the vertical axis, shares from 0 to 1, in percent.
	Percent bool
}

// Series is a line. X, Mean and, if there is a band, Low and High have the same
// length. The line is interrupted where a value is not finite.
type Series struct {
	Name      string // in the legend; "" for none
	X, Mean   []float64
	Low, High []float64 // the band around the line, nil for none
}

// Mark is a ring around a point, with a word to it.
type Mark struct {
	X, Y  float64
	Label string
}

// SVG writes the chart for a page, light or dark.
func (c Chart) SVG(w io.Writer) error { return writeSVG(w, c) }

// PNG writes the chart on a white background.
func (c Chart) PNG(w io.Writer) error { return writePNG(w, c) }

// check refuses what cannot be drawn.
func (c Chart) check() error {
	for i, s := range c.Series {
		if len(s.X) != len(s.Mean) {
			return fmt.Errorf("series %d: expected as many Y as X, %d, got %d", i+1, len(s.X), len(s.Mean))
		}
		if len(s.Low) != len(s.High) || s.Low != nil && len(s.Low) != len(s.X) {
			return fmt.Errorf("series %d: expected a band of %d values, got %d low and %d high", i+1, len(s.X), len(s.Low), len(s.High))
		}
	}
	if c.Empty() {
		return fmt.Errorf("chart %.40q: expected a point to draw, got none", c.Title)
	}
	return nil
}

// Empty reports whether there is no point to draw.
func (c Chart) Empty() bool {
	for _, s := range c.Series {
		for i := range min(len(s.X), len(s.Mean)) {
			if c.drawable(s.X[i], s.Mean[i]) {
				return false
			}
		}
	}
	return true
}

// drawable reports whether a point has a place on the chart.
func (c Chart) drawable(x, y float64) bool {
	return finite(x) && finite(y) && !(c.LogX && x <= 0) && !(c.LogY && y <= 0)
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }
