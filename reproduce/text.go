package reproduce

import (
	"fmt"
	"io"
	"strings"

	"gradus/internal/table"
)

// WriteText writes the table of all experiments and the conclusions.
func (r *Results) WriteText(w io.Writer) error {
	rows := [][]string{{"", "experiment", "verdict", "notebook", "PyTorch", "here", "runs here"}}
	for _, e := range r.Experiments {
		for _, c := range e.Cases {
			row := c.Of(testRow)
			rows = append(rows, []string{e.ID, c.Name(e), string(c.Verdict()), row.NotebookText(), c.PyTorchText(), row.HereText(), c.RunText()})
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nTest error after the last epoch, in percent, of the runs that train.\n"+
		"PyTorch: least – median – most of its runs (their number). Here: mean ± standard deviation over seeds.\n\n%s", table.Text(rows, 3))
	if len(r.Conclusions) > 0 {
		b.WriteString("\n" + strings.Join(r.Conclusions, "\n") + "\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}
