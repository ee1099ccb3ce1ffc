package plot

import (
	"fmt"
	"image/color"
	"io"
	"slices"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Distributions are histograms one under the other over the same axis, each
// as high as its own highest bin.
type Distributions struct {
	Title     string
	X         string
	Low, High float64 // the range the bins divide evenly
	Rows      []Distribution
}

// Distribution is one of the histograms.
type Distribution struct {
	Name string
	Bins []float64 // counts or shares
	Note string    // at the right end, for instance the mean
}

// SVG writes the histograms for a page, light or dark.
func (d Distributions) SVG(w io.Writer) error { return writeSVG(w, d) }

// PNG writes the histograms on a white background.
func (d Distributions) PNG(w io.Writer) error { return writePNG(w, d) }

func (d Distributions) title() string { return d.Title }

const ridgeHeight = 34

func (d Distributions) height() vg.Length { return vg.Length(len(d.Rows))*ridgeHeight + 78 }

func (d Distributions) check() error {
	if len(d.Rows) == 0 || !(d.Low < d.High) {
		return fmt.Errorf("distributions %.40q: expected rows and a range, got %d and %v to %v", d.Title, len(d.Rows), d.Low, d.High)
	}
	for i, r := range d.Rows {
		if len(r.Bins) == 0 {
			return fmt.Errorf("distributions %.40q: row %d: expected bins, got none", d.Title, i+1)
		}
	}
	return nil
}

// draw sets names to the left and notes to the right of the histograms.
func (d Distributions) draw(dc draw.Canvas) error {
	dc = drawHeading(dc, d.Title)
	name := lettering(textInk, textSize, draw.XRight, draw.YBottom)
	note := lettering(mutedInk, textSize, draw.XLeft, draw.YBottom)
	var left, right vg.Length
	for _, r := range d.Rows {
		left, right = max(left, name.Width(r.Name)), max(right, note.Width(r.Note))
	}
	area := draw.Crop(dc, left+8, -right-8, 0, 0)
	line := draw.LineStyle{Color: mutedInk.light, Width: 0.7}
	for i, r := range d.Rows {
		base := area.Max.Y - vg.Length(i+1)*ridgeHeight
		histogram(area, r.Bins, base)
		area.StrokeLine2(line, area.Min.X, base, area.Max.X, base)
		area.FillText(name, vg.Point{X: area.Min.X - 8, Y: base - 2}, r.Name)
		area.FillText(note, vg.Point{X: area.Max.X + 8, Y: base - 2}, r.Note)
	}
	d.axis(area, area.Max.Y-vg.Length(len(d.Rows))*ridgeHeight)
	return nil
}

// histogram fills the outline of the bins.
func histogram(area draw.Canvas, bins []float64, base vg.Length) {
	most := slices.Max(bins)
	if most <= 0 {
		return
	}
	w := area.Size().X / vg.Length(len(bins))
	outline := []vg.Point{{X: area.Min.X, Y: base}}
	for i, v := range bins {
		y := base + vg.Length(v/most)*(ridgeHeight-6)
		outline = append(outline,
			vg.Point{X: area.Min.X + vg.Length(i)*w, Y: y}, vg.Point{X: area.Min.X + vg.Length(i+1)*w, Y: y})
	}
	outline = append(outline, vg.Point{X: area.Max.X, Y: base})
	c := lineInks[0].light
	area.FillPolygon(color.NRGBA{c.R, c.G, c.B, 0x70}, outline)
	area.StrokeLines(draw.LineStyle{Color: c, Width: 1}, outline)
}

// axis writes the values below the last histogram.
func (d Distributions) axis(area draw.Canvas, base vg.Length) {
	style := lettering(mutedInk, textSize, draw.XCenter, draw.YTop)
	a := gonum.Axis{Min: d.Low, Max: d.High, Scale: gonum.LinearScale{}}
	for _, t := range (ticks{}).Ticks(d.Low, d.High) {
		x := area.X(a.Norm(t.Value))
		area.StrokeLine2(draw.LineStyle{Color: mutedInk.light, Width: 0.7}, x, base, x, base-4)
		area.FillText(style, vg.Point{X: x, Y: base - 7}, t.Label)
	}
	area.FillText(style, vg.Point{X: area.Center().X, Y: base - 10 - textSize}, d.X)
}
