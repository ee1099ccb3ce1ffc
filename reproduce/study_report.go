package reproduce

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"gradus/report/plot"
	"gradus/zoo"
)

//go:embed study.html
var studyHTML string

//go:embed study.md
var studyMarkdown string

// studyView is what both forms of the study's report show.
type studyView struct {
	*StudyResults
	Study
	Maps    []picture // which settings train, and how well
	Errors  []picture // the best error from each alpha
	Weights []picture // where weights went
}

// heatmap shows the settings of a kind at one momentum: a row per initial alpha and
// below them residual and gated blocks, a column per learning rate.
func (r *StudyResults) heatmap(k kind, momentum float64) plot.Heatmap {
	h := plot.Heatmap{Title: fmt.Sprintf("%s; momentum %g", title(k.String()), momentum), X: "learning rate", Y: "alpha"}
	for _, rate := range r.study.Rates {
		h.Columns = append(h.Columns, fmt.Sprintf("%g", rate))
	}
	row := func(name string, cells []CaseResult) {
		shade, text := make([]float64, len(cells)), make([]string, len(cells))
		for i, c := range cells {
			trained := len(c.runs(Trained))
			shade[i], text[i] = 0.85*float64(trained)/float64(max(1, len(c.Runs))), c.cellText()
		}
		h.Rows, h.Shade, h.Text = append(h.Rows, name), append(h.Shade, shade), append(h.Text, text)
	}
	at := func(c CaseResult) bool { return c.Config.Momentum == momentum }
	for _, alpha := range r.study.Alphas {
		row(fmt.Sprintf("%g", alpha), r.cells(k, func(c CaseResult) bool { return at(c) && startsAt(alpha)(c) }))
	}
	for _, other := range kinds()[2:] {
		row(other.String(), r.cells(other, at))
	}
	return h
}

// cellText is the mean test error of the runs that trained and, if some did
// not, their number.
func (c CaseResult) cellText() string {
	_, test := c.finals()
	trained, n := len(c.runs(Trained)), len(c.Runs)
	switch {
	case n == 0:
		return "–" // it was stopped before
	case test == nil && c.Failed > 0:
		return fmt.Sprintf("failed %d/%d", c.Failed, n)
	case test == nil:
		return "stuck"
	case trained < n:
		return fmt.Sprintf("%.2f%% (%d/%d)", test.Mean, trained, n)
	}
	return fmt.Sprintf("%.2f%%", test.Mean)
}

// errorChart shows the lowest test error from each alpha, over learning rates
// and momenta, between those of residual and gated blocks.
func (r *StudyResults) errorChart() plot.Chart {
	chart := plot.Chart{
		Title: "Best test error from each start", X: "initial alpha", Y: "test error of the best learning rate and momentum",
		Percent: true, LogY: true,
	}
	a := r.study.Alphas
	for _, k := range kinds() {
		s := plot.Series{Name: k.String()}
		for _, alpha := range a {
			suits := startsAt(alpha)
			if k.net != zoo.ConvexNet {
				suits = nil
			}
			if _, v := best(r.cells(k, suits)); v != nil {
				s.X, s.Mean = append(s.X, alpha), append(s.Mean, v.Mean/100)
				s.Low, s.High = append(s.Low, v.Min/100), append(s.High, v.Max/100)
			}
		}
		if k.net != zoo.ConvexNet {
			s.Low, s.High = nil, nil
		}
		if len(s.X) > 0 {
			chart.Series = append(chart.Series, s)
		}
	}
	return chart
}

// weightChart shows where the weights of a kind went, from each alpha in its
// best setting.
func (r *StudyResults) weightChart(k kind) plot.Chart {
	var groups []alphaGroup
	for _, alpha := range r.study.Alphas {
		if c, v := best(r.cells(k, startsAt(alpha))); v != nil {
			groups = append(groups, alphaGroup{fmt.Sprintf("from %.2f", weightOf(alpha)), c.runs(Trained)})
		}
	}
	return alphaChart(title(k.String()), groups)
}

func (r *StudyResults) view() studyView {
	v := studyView{StudyResults: r, Study: r.study}
	add := func(list *[]picture, name string, title string, d drawing) {
		*list = append(*list, picture{"plots/" + name + ".svg", title, d})
	}
	names := []string{"block", "channel"}
	for i, k := range kinds()[:2] {
		for _, m := range r.study.Momenta {
			h := r.heatmap(k, m)
			add(&v.Maps, fmt.Sprintf("trains-%s-momentum-%g", names[i], m), h.Title, h)
		}
		if c := r.weightChart(k); len(c.Series) > 0 {
			add(&v.Weights, "weights-"+names[i], c.Title, c)
		}
	}
	if c := r.errorChart(); !c.Empty() {
		add(&v.Errors, "errors", c.Title, c)
	}
	return v
}

// Files are the study's report: report.html, report.md with its pictures, and
// results.json.
func (r *StudyResults) Files() (Files, error) {
	v := r.view()
	files, err := drawn(v.Maps, v.Errors, v.Weights)
	if err != nil {
		return nil, err
	}
	if err := files.render(studyTitle, studyHTML, studyMarkdown, v); err != nil {
		return nil, err
	}
	files["results.json"], err = r.JSON()
	return files, err
}

const studyTitle = "What a trainable convex combination does"

// JSON is the results as results.json has them.
func (r *StudyResults) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}

// WriteText writes the conclusions.
func (r *StudyResults) WriteText(w io.Writer) error {
	_, err := io.WriteString(w, "\n"+strings.Join(r.Conclusions, "\n")+"\n")
	return err
}
