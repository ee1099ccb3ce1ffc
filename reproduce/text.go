package reproduce

import (
	"fmt"
	"io"
	"strings"

	"gradus/internal/table"
)

// WriteText writes the table of all experiments and the conclusions.
func (r *Results) WriteText(w io.Writer) error {
	rows := [][]string{{"", "experiment", "verdict", "notebook", "PyTorch", "here", "stuck"}}
	for _, e := range r.Experiments {
		for _, c := range e.Cases {
			row := c.Of(testRow)
			stuck := fmt.Sprintf("%d of %d", c.Stuck, len(c.Runs))
			if c.Failed > 0 {
				stuck += fmt.Sprintf(", %d failed", c.Failed)
			}
			rows = append(rows, []string{e.ID, c.Name(e), string(c.Verdict()), row.Notebook, row.PyTorch, row.Here, stuck})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nTest error after the last epoch, in percent:\n\n%s", table.Text(rows, 3))
	if len(r.Conclusions) > 0 {
		b.WriteString("\n" + strings.Join(r.Conclusions, "\n") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
