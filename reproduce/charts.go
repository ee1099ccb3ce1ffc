package reproduce

import (
	"fmt"
	"strings"

	"gradus/report/plot"
	"gradus/run"
	"gradus/zoo"
)

// curve is one error of runs against the epoch: their mean, and from the
// lowest to the highest as a band.
func curve(name string, runs []Run, error func(run.Record) float64) plot.Series {
	s := plot.Series{Name: name}
	if len(runs) == 0 {
		return s
	}
	for i := range runs[0].Epochs {
		var list []float64
		for _, r := range runs {
			list = append(list, error(r.Epochs[i])/100)
		}
		v := valuesOf(list)
		s.X, s.Mean = append(s.X, float64(i+1)), append(s.Mean, v.Mean)
		if len(runs) > 1 {
			s.Low, s.High = append(s.Low, v.Min), append(s.High, v.Max)
		}
	}
	return s
}

// settings is what a chart's title says is fixed.
func settings(c run.Config) string {
	return fmt.Sprintf("batch %d, momentum %.2f", c.Batch, c.Momentum)
}

// chart shows the two errors of a case against the epoch. Runs at chance have
// a line of their own.
func (e Result) chart() plot.Chart {
	c := e.Cases[0]
	chart := plot.Chart{
		Title: fmt.Sprintf("%s, depth %d: %s", title(c.Config.Net), c.Config.Depth, settings(c.Config)),
		X:     "epoch", Y: "error", Percent: true, LogY: true,
	}
	add := func(name string, runs []Run, error func(run.Record) float64) {
		if len(runs) > 0 {
			chart.Series = append(chart.Series, curve(name, runs, error))
		}
	}
	trained, stuck := c.runs(Trained), c.runs(Stuck)
	add("training error", trained, trainError)
	add("test error", trained, testError)
	if len(stuck) > 0 {
		add(fmt.Sprintf("training error, %d stuck", len(stuck)), stuck, trainError)
		if len(trained) == 0 {
			add(fmt.Sprintf("test error, %d stuck", len(stuck)), stuck, testError)
		}
	}
	return chart
}

func title(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// rateCharts show training and test error of a sweep, a line per learning rate.
func (e Result) rateCharts() []plot.Chart {
	var charts []plot.Chart
	for _, one := range []struct {
		name  string
		error func(run.Record) float64
	}{{"Training error", trainError}, {"Test error", testError}} {
		chart := plot.Chart{
			Title: one.name + ": " + settings(e.Cases[0].Config), X: "epoch", Y: strings.ToLower(one.name), Percent: true, LogY: true,
		}
		for _, c := range e.Cases {
			if runs := append(c.runs(Trained), c.runs(Stuck)...); len(runs) > 0 {
				chart.Series = append(chart.Series, curve(fmt.Sprintf("lr %g", c.rate()), runs, one.error))
			}
		}
		charts = append(charts, chart)
	}
	return charts
}

// confusion shows which digits are taken for which: mistakes are shaded, what is
// right is not.
func (s *Inspection) confusion() plot.Heatmap {
	h := plot.Heatmap{Title: fmt.Sprintf("What is taken for what: experiment %s, seed %d", s.Experiment, s.Seed), X: "predicted", Y: "true"}
	most := 1
	for i, row := range s.Confusion {
		for j, n := range row {
			if i != j {
				most = max(most, n)
			}
		}
	}
	for i, row := range s.Confusion {
		shade, text := make([]float64, len(row)), make([]string, len(row))
		for j, n := range row {
			if text[j] = fmt.Sprint(n); n == 0 {
				text[j] = "·"
			} else if i != j {
				shade[j] = 0.08 + 0.9*float64(n)/float64(most)
			}
		}
		h.Columns, h.Rows = append(h.Columns, fmt.Sprint(i)), append(h.Rows, fmt.Sprint(i))
		h.Shade, h.Text = append(h.Shade, shade), append(h.Text, text)
	}
	return h
}

// distributions shows how open the gates of each block are.
func (g *Gates) distributions() plot.Distributions {
	d := plot.Distributions{
		Title: fmt.Sprintf("Gates by block: experiment %s, seed %d", g.Experiment, g.Seed),
		X:     "gate sigmoid(s): 0 passes tanh(s), 1 the convolution", High: 1,
	}
	for _, b := range g.Blocks {
		row := plot.Distribution{Name: b.Block, Note: fmt.Sprintf("mean %.2f", b.Mean)}
		for _, n := range b.Bins {
			row.Bins = append(row.Bins, float64(n))
		}
		d.Rows = append(d.Rows, row)
	}
	return d
}

// alphaChart shows the weights of convex blocks, block by block; the mean over
// the channels where there are several.
func alphaChart(title string, groups []alphaGroup) plot.Chart {
	chart := plot.Chart{Title: title, X: "block, in the order in which data meet them", Y: "weight of the convolution, sigmoid(alpha)"}
	for _, g := range groups {
		s := plot.Series{Name: g.name}
		if len(g.runs) == 0 {
			continue
		}
		for i := range g.runs[0].Alphas {
			var list []float64
			for _, r := range g.runs {
				list = append(list, r.Alphas[i].Weights...)
			}
			v := valuesOf(list)
			s.X, s.Mean = append(s.X, float64(i+1)), append(s.Mean, v.Mean)
			s.Low, s.High = append(s.Low, v.Min), append(s.High, v.Max)
		}
		chart.Series = append(chart.Series, s)
	}
	return chart
}

// alphaGroup is a line of such a chart.
type alphaGroup struct {
	name string
	runs []Run
}

// alphaChart of the convex experiments; false without a run to show.
func (r *Results) alphaChart() (plot.Chart, bool) {
	var groups []alphaGroup
	for _, e := range r.Experiments {
		for _, c := range e.Cases {
			if c.Config.Net != zoo.ConvexNet {
				continue
			}
			for _, o := range []Outcome{Trained, Stuck} {
				if runs := c.runs(o); len(runs) > 0 {
					groups = append(groups, alphaGroup{fmt.Sprintf("%s: from alpha %g, %s", e.ID, *c.Config.Alpha, o), runs})
				}
			}
		}
	}
	return alphaChart("Where the convex weights went", groups), len(groups) > 0
}
