package reproduce

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"image"
	"image/color"
	"image/draw"
	"image/png"
)

//go:embed report.html
var reportHTML string

//go:embed report.md
var reportMarkdown string

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
	if err := files.render("The problem set, reproduced", reportHTML, reportMarkdown, v); err != nil {
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
