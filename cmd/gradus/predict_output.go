package main

import (
	"encoding/json"
	"io"
	"path/filepath"
	"strings"

	"gradus/data"
	"gradus/data/draw"
	"gradus/data/picture"
	"gradus/internal/table"
	"gradus/predict"
	"gradus/report"
	"gradus/run"
)

// prediction is what an image shows, as JSON has it.
type prediction struct {
	Image  string     `json:"image"`
	Class  int        `json:"class"`
	Name   string     `json:"name"`
	Top    []guess    `json:"top"`
	Logits []finite32 `json:"logits"`
}

type guess struct {
	Class       int    `json:"class"`
	Name        string `json:"name"`
	Probability finite `json:"probability"`
}

// finite32 is a number of float32, in as few digits as tell it from others.
type finite32 float32

// MarshalJSON writes a number, or null where it is none.
func (f finite32) MarshalJSON() ([]byte, error) {
	if f-f != 0 {
		return []byte("null"), nil
	}
	return json.Marshal(float32(f))
}

func predictions(t *run.Trained, s *picture.Samples, logits []float32, top int) []prediction {
	var list []prediction
	for i, name := range s.Names {
		row := logits[i*t.Data.Classes : (i+1)*t.Data.Classes]
		p := prediction{Image: name}
		for _, g := range predict.Top(row, top) {
			p.Top = append(p.Top, guess{g.Class, draw.ClassName(t.Data, g.Class), finite(g.Probability)})
		}
		p.Class, p.Name = p.Top[0].Class, p.Top[0].Name
		for _, x := range row {
			p.Logits = append(p.Logits, finite32(x))
		}
		list = append(list, p)
	}
	return list
}

func writePredictions(w io.Writer, list []prediction) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	for _, p := range list {
		if err := e.Encode(p); err != nil {
			return unwritten(err)
		}
	}
	return nil
}

// predictionsText is a table: an image a row, the likeliest class first.
func predictionsText(list []prediction) string {
	head := []string{"image", "class", ""}
	for range list[0].Top[1:] {
		head = append(head, "or", "")
	}
	rows := [][]string{head}
	for _, p := range list {
		row := []string{quoted(p.Image)}
		for _, g := range p.Top {
			row = append(row, g.Name, report.Percent(float64(g.Probability)))
		}
		rows = append(rows, row)
	}
	return strings.TrimSuffix(table.Text(rows, 2), "\n")
}

// drawn draws samples under their names and what they were taken for.
func drawn(t *run.Trained, s *picture.Samples, list []prediction) string {
	const width = 80
	set := &data.Set{Images: s.Pixels, Shape: t.Data.Shape}
	var all []int
	for i, p := range list {
		set.Labels = append(set.Labels, int32(i))
		set.ClassNames = append(set.ClassNames, p.Name+" "+quoted(filepath.Base(p.Image)))
		all = append(all, i)
	}
	set.Classes = len(all)
	return draw.Text(set, all, width)
}
