package reproduce

import (
	"bytes"
	"fmt"
	"html/template"
	"slices"
	"strings"

	"gradus/report/page"
	"gradus/report/plot"
)

// view is what both forms of a report show: the results, and the pictures by
// the names of their files.
type view struct {
	*Results
	Sections []section
	Network  []picture // of the best network
	Weights  []picture // of convex and gated blocks
}

// section is an experiment with its pictures.
type section struct {
	Result
	Pictures []picture
}

// picture is a drawing, and what those hear of it who do not see it.
type picture struct {
	File string
	Alt  string
	of   drawing
}

// drawing is a chart or one of its relatives.
type drawing = page.Picture

// SVG is the drawing as part of a page.
func (p picture) SVG() (template.HTML, error) { return page.Inline(p.of) }

func (r *Results) view() view {
	v := view{Results: r}
	for _, e := range r.Experiments {
		s := section{Result: e}
		charts := []plot.Chart{e.chart()}
		if e.Rate {
			charts = e.rateCharts()
		}
		for i, c := range charts {
			name := "plots/" + e.ID
			if e.Rate {
				name += []string{"-training", "-test"}[i]
			}
			if len(c.Series) > 0 { // nothing to draw where every run failed
				s.Pictures = append(s.Pictures, picture{name + ".svg", c.Title, c})
			}
		}
		v.Sections = append(v.Sections, s)
	}
	if r.Best != nil {
		c := r.Best.confusion()
		v.Network = append(v.Network, picture{"plots/confusion.svg", c.Title, c})
	}
	if c, ok := r.alphaChart(); ok {
		v.Weights = append(v.Weights, picture{"plots/alphas.svg", c.Title, c})
	}
	if r.Gates != nil {
		d := r.Gates.distributions()
		v.Weights = append(v.Weights, picture{"plots/gates.svg", d.Title, d})
	}
	return v
}

// Settings is the line under an experiment's title.
func (e Result) Settings() string {
	c := e.Cases[0].Config
	stages, err := c.Stages()
	if err != nil {
		return err.Error() // cannot be: it was trained
	}
	var parts []string
	for i, one := range stages {
		part := fmt.Sprintf("%g for %d", one.LearningRate, one.Epochs)
		if i == 0 {
			part += " epochs"
		}
		parts = append(parts, part)
	}
	if e.Rate {
		var rates []string
		for _, one := range e.Cases {
			rates = append(rates, fmt.Sprintf("%g", one.rate()))
		}
		parts = []string{fmt.Sprintf("%s for %d epochs", strings.Join(rates, ", "), stages[0].Epochs)}
	}
	text := fmt.Sprintf("%s, depth %d · batch %d · momentum %g · learning rate %s", c.Net, c.Depth, c.Batch, c.Momentum, strings.Join(parts, ", then "))
	if c.Alpha != nil {
		text += fmt.Sprintf(" · alpha %g", *c.Alpha)
	}
	return text
}

// Name is what tells a case from the others of its experiment.
func (c CaseResult) Name(e Result) string {
	if e.Rate {
		return fmt.Sprintf("lr %g", c.rate())
	}
	return c.Config.Net + fmt.Sprintf(", depth %d", c.Config.Depth)
}

// Verdict sums up the table of a case: it differs where one row does, and agrees
// where the last test error does. If no run trained, the number of stuck runs
// decides; where some failed beside them, nothing does.
func (c CaseResult) Verdict() Word {
	for _, one := range c.Comparisons {
		if one.Verdict.Word == Differs {
			return Differs
		}
	}
	switch {
	case c.Trained > 0:
		return c.Of(testRow).Verdict.Word
	case c.Failed > 0:
		return Open
	}
	return c.Of(stuckRow).Verdict.Word
}

// RunText says what became of the runs: 4 of 5 trained, 1 failed.
func (c CaseResult) RunText() string {
	text := fmt.Sprintf("%d of %d trained", c.Trained, len(c.Runs))
	if c.Stuck > 0 {
		text += fmt.Sprintf(", %d stuck", c.Stuck)
	}
	if c.Failed > 0 {
		text += fmt.Sprintf(", %d failed", c.Failed)
	}
	return text
}

// PyTorchText is PyTorch's last test error, and how many of its runs got stuck,
// if any.
func (c CaseResult) PyTorchText() string {
	text := c.Of(testRow).PyTorchText()
	stuck := c.Of(stuckRow)
	if stuck.Verdict.All || stuck.Counts != nil && stuck.Counts.PyTorch != nil && stuck.Counts.PyTorch.Runs > 0 {
		return stuck.PyTorchText() + " stuck; " + text
	}
	return text
}

// Of finds a row of a case's table.
func (c CaseResult) Of(measure string) Comparison {
	for _, one := range c.Comparisons {
		if one.Measure == measure {
			return one
		}
	}
	return Comparison{}
}

// Known are the rows of a table with something to compare: those of the last
// epoch, and others that somebody else has figures for. Failures are counted only
// where there are any, and so are stuck runs in a sweep of learning rates.
func (c CaseResult) Known(e Result) []Comparison {
	var list []Comparison
	for _, one := range c.Comparisons {
		show := strings.HasSuffix(one.Measure, lastRow) || len(one.Notebook) > 0 || one.PyTorch != nil
		switch one.Measure {
		case stuckRow:
			show = !e.Rate || c.Stuck > 0
		case failRow:
			show = c.Failed > 0
		}
		if show {
			list = append(list, one)
		}
	}
	return list
}

// shapeText is a parameter's shape.
func shapeText(s []int) string { return strings.ReplaceAll(fmt.Sprint(s), " ", " × ") }

// drawn are pictures as files.
func drawn(lists ...[]picture) (Files, error) {
	files := Files{}
	for _, p := range slices.Concat(lists...) {
		var b bytes.Buffer
		if err := p.of.SVG(&b); err != nil {
			return nil, fmt.Errorf("%s: %w", p.File, err)
		}
		files[p.File] = b.Bytes()
	}
	return files, nil
}
