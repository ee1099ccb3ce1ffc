package sweep

import (
	"io"
	"strings"

	"gradus/internal/outdir"
)

// WriteFiles writes results.json, results.csv, and the charts as SVG and PNG
// into a folder that is there. Each file appears when it is complete. Nothing in
// them but seconds depends on the number of workers.
func (s *Summary) WriteFiles(dir string, trials []Trial) error {
	files := []outdir.File{
		{Name: "results.json", Write: func(w io.Writer) error { return s.WriteJSON(w, trials) }},
		{Name: "results.csv", Write: func(w io.Writer) error { return WriteCSV(w, trials) }},
	}
	if training, measured, ok := s.Charts(); ok {
		name := strings.ToLower(s.Measured) + "-error"
		files = append(files,
			outdir.File{Name: "train-error.svg", Write: training.SVG}, outdir.File{Name: "train-error.png", Write: training.PNG},
			outdir.File{Name: name + ".svg", Write: measured.SVG}, outdir.File{Name: name + ".png", Write: measured.PNG})
	}
	for _, f := range files {
		if err := f.WriteTo(dir); err != nil {
			return err
		}
	}
	return nil
}
