package summary

import (
	"io"
	"strconv"
	"strings"

	"gradus/internal/table"
)

// WriteText writes the summary as aligned tables: the layers with their totals,
// then the parameters. N stands for the batch, multiply-adds are per sample, and
// the last column is what they would be if padding were multiplied as well.
func (s *Summary) WriteText(w io.Writer) error {
	layers := [][]string{{"layer", "operations", "output", "parameters", "multiply-adds", "with padding"}}
	for _, l := range s.Layers {
		layers = append(layers, []string{
			orDash(l.Path), strings.Join(l.Operations, "+"), l.output(),
			grouped(l.Elements), grouped(l.Count.Effective), grouped(l.Count.Dense),
		})
	}
	layers = append(layers, []string{
		"total", "", "", grouped(s.Elements), grouped(s.Forward.Effective), grouped(s.Forward.Dense),
	})
	if s.Backward != (Count{}) {
		layers = append(layers, []string{
			"gradients", "", "", "", grouped(s.Backward.Effective), grouped(s.Backward.Dense),
		})
	}
	parameters := [][]string{{"parameter", "shape"}}
	for _, p := range s.Parameters {
		parameters = append(parameters, []string{p.Name, p.Shape.String()})
	}
	_, err := io.WriteString(w, table.Text(layers, 3)+"\n"+table.Text(parameters, 2))
	return err
}

func (l Layer) output() string {
	if !l.Batched {
		return l.Output.String()
	}
	return "[N" + strings.TrimPrefix(l.Output.String(), "["+strconv.Itoa(l.Output[0]))
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

// grouped writes n >= 0 with a comma after every three digits.
func grouped(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
