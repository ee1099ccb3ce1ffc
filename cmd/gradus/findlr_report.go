package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"gradus/internal/table"
	"gradus/report/plot"
	"gradus/run"
	"gradus/train"
)

// rangeReport is a range test in words and pictures.
type rangeReport struct {
	Config     run.Config `json:"config"`
	Suggestion *float64   `json:"suggestion"` // null for none
	*train.Range

	none error // why there is no suggestion
}

func newRangeReport(c run.Config, found *train.Range) *rangeReport {
	r := &rangeReport{Config: c, Range: found}
	rate, err := found.Suggestion()
	if err != nil {
		r.none = err
		return r
	}
	r.Suggestion = &rate
	return r
}

func (r *rangeReport) writeJSON(w io.Writer) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(text, '\n'))
	return err
}

// heading names what was tested.
func (r *rangeReport) heading() string {
	var parts []string
	for _, p := range r.Config.Phrases() {
		parts = append(parts, p.Text)
	}
	return strings.Join(append(parts, fmt.Sprintf("seed %d", r.Config.Seed), r.Config.Data), ", ")
}

func (r *rangeReport) writeText(w io.Writer) error {
	rows := [][]string{{"", "lr", "loss"}}
	row := func(name string, p train.RangePoint) {
		rows = append(rows, []string{name, digits(p.LearningRate), fmt.Sprintf("%.3f", p.Smoothed)})
	}
	row("start", r.Start)
	row("falls fastest", r.Steepest)
	row("lowest", r.Lowest)
	if r.Diverged != nil {
		row("diverges", *r.Diverged)
	}
	text := r.heading() + "\n\n" + table.Text(rows, 1)
	if r.Suggestion != nil {
		text += fmt.Sprintf("\nsuggestion: lr = %s, %s\n", formatNumber(*r.Suggestion), r.why())
	}
	_, err := io.WriteString(w, text)
	return err
}

// fastest reports whether the suggestion is where the loss falls fastest.
func (r *rangeReport) fastest() bool {
	return r.Diverged == nil || r.Steepest.LearningRate <= r.Diverged.LearningRate/10
}

// why says where the suggestion comes from.
func (r *rangeReport) why() string {
	switch {
	case r.Diverged == nil:
		return "where the loss falls fastest; it did not diverge"
	case r.fastest():
		return "where the loss falls fastest"
	}
	return "a tenth of where the loss diverges"
}

// chart shows the loss against the learning rate, with what follows from it.
func (r *rangeReport) chart() plot.Chart {
	line := plot.Series{}
	for _, p := range r.Points {
		line.X, line.Mean = append(line.X, p.LearningRate), append(line.Mean, p.Smoothed)
		line.Low = append(line.Low, max(0, p.Smoothed-p.Deviation))
		line.High = append(line.High, p.Smoothed+p.Deviation)
	}
	c := plot.Chart{
		Title: "Learning-rate range test: " + r.heading() + "; smoothed, with a band of one standard deviation",
		X:     "learning rate", Y: "loss", LogX: true,
		Series: []plot.Series{line},
	}
	mark := func(word string, rate, loss float64) {
		c.Marks = append(c.Marks, plot.Mark{X: rate, Y: loss, Label: fmt.Sprintf("%s, %.2g", word, rate)})
	}
	if r.Suggestion == nil {
		return c
	}
	word, suggested := "falls fastest", r.fastest()
	if suggested {
		word = "suggestion, falls fastest"
	}
	mark(word, r.Steepest.LearningRate, r.Steepest.Smoothed)
	if r.Diverged != nil {
		mark("diverges", r.Diverged.LearningRate, r.Diverged.Smoothed)
	}
	if !suggested {
		mark("suggestion", *r.Suggestion, r.at(*r.Suggestion))
	}
	return c
}

// at is the smoothed loss at a learning rate.
func (r *rangeReport) at(rate float64) float64 {
	for _, p := range r.Points {
		if p.LearningRate >= rate {
			return p.Smoothed
		}
	}
	return r.Points[len(r.Points)-1].Smoothed
}

// digits writes a number with three of them.
func digits(x float64) string {
	if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64); err == nil {
		x = y
	}
	return formatNumber(x)
}
