package plot

import (
	"fmt"
	"image/color"
	"io"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// Heatmap is a table whose cells are shaded by their values: counts of a
// confusion matrix, results over two settings.
type Heatmap struct {
	Title   string
	X, Y    string // what the columns and the rows are
	Columns []string
	Rows    []string
	// Shade has a row of values from 0 (the page's colour) to 1 for each of
	// Rows; Text is what the cells say.
	Shade [][]float64
	Text  [][]string
}

// SVG writes the table for a page, light or dark.
func (h Heatmap) SVG(w io.Writer) error { return writeSVG(w, h) }

// PNG writes the table on a white background.
func (h Heatmap) PNG(w io.Writer) error { return writePNG(w, h) }

func (h Heatmap) title() string { return h.Title }

const cellHeight = 28

func (h Heatmap) height() vg.Length { return vg.Length(len(h.Rows))*cellHeight + 88 }

func (h Heatmap) check() error {
	if len(h.Rows) == 0 || len(h.Columns) == 0 {
		return fmt.Errorf("heatmap %.40q: expected rows and columns, got %d and %d", h.Title, len(h.Rows), len(h.Columns))
	}
	if len(h.Shade) != len(h.Rows) || len(h.Text) != len(h.Rows) {
		return fmt.Errorf("heatmap %.40q: expected %d rows, got %d shades and %d texts", h.Title, len(h.Rows), len(h.Shade), len(h.Text))
	}
	for i := range h.Rows {
		if len(h.Shade[i]) != len(h.Columns) || len(h.Text[i]) != len(h.Columns) {
			return fmt.Errorf("heatmap %.40q: row %d: expected %d cells, got %d shades and %d texts",
				h.Title, i+1, len(h.Columns), len(h.Shade[i]), len(h.Text[i]))
		}
	}
	return nil
}

// draw sets the names of the rows to the left of the cells, those of the columns above.
func (h Heatmap) draw(dc draw.Canvas) error {
	dc = drawHeading(dc, h.Title)
	right := lettering(mutedInk, textSize, draw.XRight, draw.YCenter)
	left := right.Width(h.Y)
	for _, name := range h.Rows {
		left = max(left, right.Width(name))
	}
	left += 8
	center := lettering(mutedInk, textSize, draw.XCenter, draw.YTop)
	dc.FillText(lettering(mutedInk, textSize, draw.XRight, draw.YTop), vg.Point{X: dc.Min.X + left - 8, Y: dc.Max.Y - textSize - 4}, h.Y)
	cells := draw.Crop(dc, left, 0, 0, 0)
	dc.FillText(center, vg.Point{X: cells.Center().X, Y: cells.Max.Y}, h.X)
	cells = below(cells, textSize+4)
	w := cells.Size().X / vg.Length(len(h.Columns))
	for j, name := range h.Columns {
		cells.FillText(center, vg.Point{X: cells.Min.X + (vg.Length(j)+0.5)*w, Y: cells.Max.Y}, name)
	}
	cells = below(cells, textSize+6)
	for i, name := range h.Rows {
		top := cells.Max.Y - vg.Length(i)*cellHeight
		cells.FillText(right, vg.Point{X: cells.Min.X - 8, Y: top - cellHeight/2}, name)
		for j := range h.Columns {
			h.cell(cells, i, j, vg.Rectangle{
				Min: vg.Point{X: cells.Min.X + vg.Length(j)*w + 0.5, Y: top - cellHeight + 0.5},
				Max: vg.Point{X: cells.Min.X + vg.Length(j+1)*w - 0.5, Y: top - 0.5},
			})
		}
	}
	return nil
}

// cell fills a cell and writes its text, dark on light or light on dark.
func (h Heatmap) cell(dc draw.Canvas, i, j int, r vg.Rectangle) {
	shade, word := min(1, max(0, h.Shade[i][j])), textInk
	if shade > 0.5 {
		word = pageInk
	}
	c := lineInks[0].light
	background := color.NRGBA{gridInk.light.R, gridInk.light.G, gridInk.light.B, 0x60}
	corners := []vg.Point{r.Min, {X: r.Max.X, Y: r.Min.Y}, r.Max, {X: r.Min.X, Y: r.Max.Y}}
	dc.FillPolygon(background, corners)
	dc.FillPolygon(color.NRGBA{c.R, c.G, c.B, uint8(0xff * shade)}, corners)
	dc.FillText(lettering(word, textSize, draw.XCenter, draw.YCenter),
		vg.Point{X: (r.Min.X + r.Max.X) / 2, Y: (r.Min.Y + r.Max.Y) / 2}, h.Text[i][j])
}
