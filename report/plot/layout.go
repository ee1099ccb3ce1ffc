package plot

import (
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// width is that of every picture, in points. Text of 13 points can still be read
// when a picture is as narrow as a phone.
const width vg.Length = 480

// below is what is left of a canvas under its first h points.
func below(dc draw.Canvas, h vg.Length) draw.Canvas { return draw.Crop(dc, 0, 0, 0, -h) }

// drawHeading writes the title, broken into lines that fit, and returns what
// is left.
func drawHeading(dc draw.Canvas, title string) draw.Canvas {
	if title == "" {
		return dc
	}
	style := heading()
	for _, line := range wrap(title, dc.Size().X, style.Width) {
		dc.FillText(style, vg.Point{X: dc.Min.X, Y: dc.Max.Y}, line)
		dc = below(dc, titleSize+4)
	}
	return below(dc, 2)
}

// drawAbove writes what the vertical axis measures, where it can be read
// without turning one's head.
func drawAbove(dc draw.Canvas, label string) draw.Canvas {
	if label == "" {
		return below(dc, 4)
	}
	dc.FillText(lettering(mutedInk, textSize, draw.XLeft, draw.YTop), vg.Point{X: dc.Min.X, Y: dc.Max.Y}, label)
	return below(dc, textSize+3)
}

// entry is a line of the legend.
type entry struct {
	name string
	look look
}

// drawLegend sets the entries side by side, in as many rows as it takes.
func drawLegend(dc draw.Canvas, entries []entry) draw.Canvas {
	if len(entries) == 0 {
		return dc
	}
	const sample, gap = 28, 16
	style := lettering(textInk, textSize, draw.XLeft, draw.YCenter)
	x := dc.Min.X
	for _, e := range entries {
		w := sample + 5 + style.Width(e.name)
		if x > dc.Min.X && x+w > dc.Max.X {
			x, dc = dc.Min.X, below(dc, textSize+5)
		}
		y := dc.Max.Y - 0.6*textSize
		dc.StrokeLine2(e.look.line, x, y, x+sample, y)
		dc.DrawGlyphNoClip(e.look.mark, vg.Point{X: x + sample/2, Y: y})
		dc.FillText(style, vg.Point{X: x + sample + 5, Y: y}, e.name)
		x += w + gap
	}
	return below(dc, textSize+8)
}
