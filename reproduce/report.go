package reproduce

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	textTemplate "text/template"

	"gradus/report/page"
)

//go:embed report.html
var reportHTML string

//go:embed report.md
var reportMarkdown string

// functions are what both forms of the report need beside the results.
var functions = map[string]any{
	"shape": shapeText,
	"plural": func(n int, what string) string {
		if n != 1 {
			what += "s"
		}
		return fmt.Sprintf("%d %s", n, what)
	},
	"percent": func(share float64) string {
		if s := fmt.Sprintf("%.1f%%", 100*share); s != "100.0%" || share == 1 {
			return s
		}
		return "> 99.9%"
	},
	"uri":     func(m Mistake) (template.URL, error) { s, err := m.URI(); return template.URL(s), err },
	"seconds": func(s float64) string { return fmt.Sprintf("%.1f s", s) },
}

// Files are the report: report.html, report.md with its pictures, and
// results.json.
func (r *Results) Files() (Files, error) {
	v := r.view()
	lists := [][]picture{v.Network, v.Weights}
	for _, s := range v.Sections {
		lists = append(lists, s.Pictures)
	}
	files, err := drawn(lists...)
	if err != nil {
		return nil, err
	}
	if files["report.html"], err = v.html(); err != nil {
		return nil, err
	}
	if files["report.md"], err = v.markdown(); err != nil {
		return nil, err
	}
	if files["results.json"], err = r.JSON(); err != nil {
		return nil, err
	}
	if r.Best != nil && len(r.Best.Mistakes) > 0 {
		if files["plots/mistakes.png"], err = r.Best.sheet(); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// JSON is the results as results.json has them.
func (r *Results) JSON() ([]byte, error) {
	text, err := json.MarshalIndent(r, "", "  ")
	return append(text, '\n'), err
}

func (v view) html() ([]byte, error) {
	t, err := template.New("report").Funcs(functions).Parse(reportHTML)
	if err != nil {
		return nil, err
	}
	var body, whole bytes.Buffer
	if err := t.Execute(&body, v); err != nil {
		return nil, err
	}
	err = page.Page{Title: "The problem set, reproduced", Body: template.HTML(body.String())}.Write(&whole)
	return whole.Bytes(), err
}

func (v view) markdown() ([]byte, error) {
	t, err := textTemplate.New("report").Funcs(functions).Parse(reportMarkdown)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	err = t.Execute(&b, v)
	return b.Bytes(), err
}

// sheet is all shown mistakes in one picture, in rows of six, each pixel three
// pixels wide.
func (s *Inspection) sheet() ([]byte, error) {
	const across, scale, gap = 6, 3, 6
	m := s.Mistakes
	w, h := m[0].shape[2]*scale+gap, m[0].shape[1]*scale+gap
	rows := (len(m) + across - 1) / across
	sheet := image.NewGray(image.Rect(0, 0, min(across, len(m))*w, rows*h))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	for i := range m {
		picture := m[i].picture()
		for y := range h - gap {
			for x := range w - gap {
				sheet.Set(i%across*w+x, i/across*h+y, color.GrayModel.Convert(picture.At(x/scale, y/scale)))
			}
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, sheet)
	return b.Bytes(), err
}
