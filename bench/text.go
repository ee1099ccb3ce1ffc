package bench

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gradus/internal/table"
)

// WriteText writes the report as aligned tables.
func (r *Report) WriteText(w io.Writer) error {
	parts := []string{r.head(), r.peakTable()}
	for _, part := range []struct {
		rows int
		text func() string
	}{
		{len(r.Networks), r.networkTable}, {len(r.Evaluations), r.evaluationTable},
		{len(r.Batches), r.batchTable}, {len(r.Layers), r.layerTable},
	} {
		if part.rows > 0 {
			parts = append(parts, part.text())
		}
	}
	for _, p := range r.Profiles {
		parts = append(parts, p.table())
	}
	_, err := io.WriteString(w, strings.Join(append(parts, legend), "\n"))
	return err
}

func (r *Report) head() string {
	return fmt.Sprintf("%s, %s\nkernels: %s\n%s\n", r.Date.Format("2006-01-02 15:04"), r.Machine.line(), r.ISA, r.Noise.line())
}

const legend = `Times are medians. % of peak is 2 x multiply-adds / time / what as many cores did in
registers just before and after; multiplications with padding and the gradient of the
images do not count as work. An epoch is all of training: shuffle, losses and errors included.
`

func (m Machine) line() string {
	cores := "cores"
	if m.Cores == 1 {
		cores = "core"
	}
	return fmt.Sprintf("%s, %d %s, %s, %s", m.Processor, m.Cores, cores, m.System, m.Go)
}

func (n Noise) line() string {
	word, hint := "quiet", ""
	if n.Noisy {
		word, hint = "noisy", "; times are longer than they need be"
	}
	return fmt.Sprintf("machine: %s (peak varied by %.0f%%, other programs took %.0f%% of the time, other machines %.0f%%%s)",
		word, 100*n.PeakVariation, 100*n.Others, 100*n.Stolen, hint)
}

func (r *Report) peakTable() string {
	rows := [][]string{{"peak", "cores", "GFLOP/s", "min..max"}}
	for _, p := range r.Peaks {
		rows = append(rows, []string{p.ISA, fmt.Sprint(p.Cores), fmt.Sprintf("%.1f", p.Speed.Median), p.Speed.span(1, 1)})
	}
	return table.Text(rows, 1)
}

func (r *Report) networkTable() string {
	rows := [][]string{slices.Concat([]string{"training", "batch"}, timingHeads("s/epoch"))}
	for _, n := range r.Networks {
		for i, cells := range timingCells(n.Timings, 1, 4) {
			head := []string{n.Name, fmt.Sprint(n.Batch)}
			if i > 0 {
				head = []string{"", ""}
			}
			rows = append(rows, append(head, cells...))
		}
	}
	return table.Text(rows, 1)
}

func (r *Report) evaluationTable() string {
	rows := [][]string{slices.Concat([]string{"evaluation", "images"}, timingHeads("ms"))}
	for _, e := range r.Evaluations {
		for i, cells := range timingCells(e.Timings, 1e3, 2) {
			head := []string{e.Name, fmt.Sprint(e.Samples)}
			if i > 0 {
				head = []string{"", ""}
			}
			rows = append(rows, append(head, cells...))
		}
	}
	return table.Text(rows, 1)
}

func timingHeads(unit string) []string {
	return []string{"threads", unit, "min..max", "GFLOP/s", "% of peak", "speed-up"}
}

// timingCells is a row of cells per number of threads; times are multiplied by
// scale.
func timingCells(timings []Timing, scale float64, digits int) [][]string {
	var rows [][]string
	for i, t := range timings {
		speedUp := ""
		if i > 0 {
			speedUp = fmt.Sprintf("%.2fx", timings[0].Seconds.Median/t.Seconds.Median)
		}
		rows = append(rows, []string{
			fmt.Sprint(t.Threads), fmt.Sprintf("%.*f", digits, scale*t.Seconds.Median), t.Seconds.span(scale, digits),
			fmt.Sprintf("%.1f", t.GFLOPS), fmt.Sprintf("%.0f", t.Percent.Median), speedUp,
		})
	}
	return rows
}

func (r *Report) batchTable() string {
	rows := [][]string{{"batches, one thread", "batch", "µs", "over", "µs", "ratio"}}
	for _, b := range r.Batches {
		for _, pass := range []struct {
			name         string
			timing, over Timing
		}{{"forward", b.Forward, b.ForwardOver}, {"training step", b.Step, b.StepOver}} {
			rows = append(rows, []string{
				b.Name + ", " + pass.name, fmt.Sprint(b.Batch), micro(pass.timing), fmt.Sprint(b.Over), micro(pass.over),
				fmt.Sprintf("%.2fx", pass.timing.Seconds.Median/pass.over.Seconds.Median),
			})
		}
	}
	return table.Text(rows, 1)
}

func (r *Report) layerTable() string {
	rows := [][]string{{
		"layers, one thread", "forward µs", "GFLOP/s", "%", "data grad. µs", "GFLOP/s", "%", "weight grad. µs", "GFLOP/s", "%",
	}}
	for _, l := range r.Layers {
		row := []string{l.Description}
		for _, t := range []Timing{l.Forward, l.DataGradient, l.WeightGradient} {
			row = append(row, micro(t), fmt.Sprintf("%.1f", t.GFLOPS), fmt.Sprintf("%.0f", t.Percent.Median))
		}
		rows = append(rows, row)
	}
	return table.Text(rows, 1)
}

func micro(t Timing) string { return fmt.Sprintf("%.1f", 1e6*t.Seconds.Median) }

func (s Spread) span(scale float64, digits int) string {
	return fmt.Sprintf("%.*f..%.*f", digits, scale*s.Min, digits, scale*s.Max)
}

// table is the parts of a step, in the order in which they run.
func (p Profile) table() string {
	rows := [][]string{{"layer", "kernel", "pass", "calls", "µs", "% of step", "GFLOP/s", "% of peak"}}
	for _, part := range p.Parts {
		speed, percent := "", ""
		if part.MultiplyAdds > 0 {
			speed = fmt.Sprintf("%.1f", 2*float64(part.MultiplyAdds)/part.Seconds/giga)
			percent = fmt.Sprintf("%.0f", part.Percent)
		}
		rows = append(rows, []string{
			part.Path, part.Kernel, part.Pass, fmt.Sprintf("%.0f", part.Calls), fmt.Sprintf("%.2f", 1e6*part.Seconds),
			fmt.Sprintf("%.1f", 100*part.Seconds/p.Seconds), speed, percent,
		})
	}
	rows = append(rows,
		[]string{"", "rest", "", "", fmt.Sprintf("%.2f", 1e6*p.Rest), fmt.Sprintf("%.1f", 100*p.Rest/p.Seconds)},
		[]string{"total", "", "", "", fmt.Sprintf("%.2f", 1e6*p.Seconds), "100.0"})
	return fmt.Sprintf("%s, batch %d, a training step on one thread\n", p.Name, p.Batch) + table.Text(rows, 3)
}
