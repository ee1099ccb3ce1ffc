package sweep

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gradus/internal/table"
	"gradus/report"
)

// WriteText writes the table of settings, best first, what failed, and as the
// last line the best setting.
func (s *Summary) WriteText(w io.Writer) error {
	var b strings.Builder
	b.WriteString(s.Fixed() + "\n\n" + s.table() + "\n")
	if seeds := s.seeds(); seeds > 1 {
		of := ""
		if s.Stuck > 0 {
			of = " that are not stuck"
		}
		fmt.Fprintf(&b, "errors are means over %d seeds%s, +- one sample standard deviation\n", seeds, of)
	}
	if s.Stuck > 0 {
		fmt.Fprintf(&b, "stuck: ended within a percentage point of chance, in %d of %d trainings\n", s.Stuck, s.Finished)
	}
	if s.Diverged > 0 {
		fmt.Fprintf(&b, "diverging: %s undid in some epoch what they had learned; a smaller learning rate or less momentum may help\n",
			plural(s.Diverged, "training"))
	}
	for _, r := range s.Rows {
		for _, t := range r.Trials {
			if t.State() == Failed {
				fmt.Fprintf(&b, "failed: %s\n", oneLine.Replace(s.Grid.Label(t)+t.Err.Error()))
			}
		}
	}
	if _, ok := s.Best(); ok && len(s.Rows) > 1 && s.Measured == "Test" {
		b.WriteString("chosen by test error, which flatters it; --validation 10000 chooses without\n")
	}
	b.WriteString(s.BestLine() + "\n")
	_, err := io.WriteString(w, b.String())
	return err
}

var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)

// Label begins a line about a trial with the settings in which trials differ.
func (g *Grid) Label(t *Trial) string {
	if v := g.Varying(t.Settings); len(v) > 0 {
		return v.String() + ": "
	}
	return ""
}

// BestLine names the best setting by what varies:
//
//	best: lr = 0.07, test error 2.41% +- 0.12 (18 of 20 trained)
//
// It begins with "best so far" where no setting is complete.
func (s *Summary) BestLine() string {
	head := "best: "
	best, ok := s.Best()
	if !ok {
		best, ok = s.leading()
		head = "best so far: "
	}
	switch {
	case !ok && s.Finished > 0 && s.Finished == s.Stuck:
		return "best: none, no training got better than chance"
	case !ok && s.Finished > 0 && slices.ContainsFunc(s.Rows, func(r Row) bool { return r.Failed == 0 }):
		return "best: none, only settings with a failure got better than chance"
	case !ok && s.Finished > 0:
		return "best: none, every setting had a training that failed"
	case !ok:
		return "best: none, no training finished"
	}
	parts := []string{}
	if v := s.Grid.Varying(best.Settings); len(v) > 0 {
		parts = append(parts, v.String())
	}
	parts = append(parts, strings.ToLower(s.Measured)+" error "+best.Measured.percent())
	if s.Measured != "Test" {
		parts = append(parts, "test error "+best.Test.percent())
	}
	line := head + strings.Join(parts, ", ")
	if n := len(best.Trials); best.Trained() < n {
		line += fmt.Sprintf(" (%d of %d trained)", best.Trained(), n)
	}
	return line
}

// percent is 2.41% +- 0.12, or a dash for no values.
func (s Spread) percent() string {
	switch s.N {
	case 0:
		return "-"
	case 1:
		return report.Percent(s.Mean)
	}
	return fmt.Sprintf("%s +- %.2f", report.Percent(s.Mean), 100*s.Deviation)
}

// seeds is the largest number of trainings of a setting.
func (s *Summary) seeds() int {
	most := 0
	for _, r := range s.Rows {
		most = max(most, len(r.Trials))
	}
	return most
}

// table has a row per setting; columns that say nothing are left out.
func (s *Summary) table() string {
	type column struct {
		name string
		cell func(Row) string
	}
	var columns []column
	left := 0
	if len(s.Rows) > 0 {
		for i, one := range s.Rows[0].Settings {
			if s.Grid.varies(one.Name) {
				left++
				columns = append(columns, column{one.Name, func(r Row) string {
					if v := r.Settings[i].Value; v != "" {
						return v
					}
					return "-"
				}})
			}
		}
	}
	columns = append(columns,
		column{"train error", func(r Row) string { return r.Train.percent() }},
		column{strings.ToLower(s.Measured) + " error", func(r Row) string { return r.Measured.percent() }})
	if s.Measured != "Test" {
		columns = append(columns, column{"test error", func(r Row) string { return r.Test.percent() }})
	}
	if s.seeds() > 1 || s.Finished < s.Trainings {
		columns = append(columns, column{"finished", func(r Row) string { return fmt.Sprintf("%d/%d", r.Finished, len(r.Trials)) }})
	}
	if s.Failed > 0 {
		columns = append(columns, column{"failed", func(r Row) string { return fmt.Sprint(r.Failed) }})
	}
	columns = append(columns, column{"stuck", func(r Row) string { return fmt.Sprint(r.Stuck) }})
	if s.Diverged > 0 {
		columns = append(columns, column{"diverging", func(r Row) string { return fmt.Sprint(r.Diverged) }})
	}

	rows := make([][]string, 1+len(s.Rows))
	for _, c := range columns {
		rows[0] = append(rows[0], c.name)
		for i, r := range s.Rows {
			rows[i+1] = append(rows[i+1], c.cell(r))
		}
	}
	return table.Text(rows, left)
}

// Fixed names what all trainings have in common:
//
//	plain, depth 1, kernel 3, relu, batch 64, momentum 0, 5 epochs, mnist
func (s *Summary) Fixed() string { return strings.Join(s.fixed(), ", ") }

func (s *Summary) fixed() []string {
	g, c := s.Grid, s.Grid.Points[0].Config
	var parts []string
	for _, p := range c.Phrases() {
		if !g.varies(p.Setting) {
			parts = append(parts, p.Text)
		}
	}
	if e := c.Effective(); g.varies(rate) {
		stages, _ := e.Stages() // of a configuration that was checked
		parts = append(parts, plural(stages[0].Epochs, "epoch"))
	} else {
		parts = append(parts, "schedule "+*e.Schedule)
	}
	if !g.varies(seed) {
		parts = append(parts, fmt.Sprintf("seed %d", c.Seed))
	} else {
		parts = append(parts, plural(s.seeds(), "seed"))
	}
	return append(parts, c.Data)
}

func plural(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
