package plot

import (
	"math"

	"image/color"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

const fewPoints = 25 // up to so many points of a line get a mark each

func (c Chart) title() string { return c.Title }

func (c Chart) height() vg.Length { return 340 }

// draw is the picture of a chart: title, legend and label of the vertical axis above,
// the lines below.
func (c Chart) draw(dc draw.Canvas) error {
	dc = drawHeading(dc, c.Title)
	dc = drawLegend(dc, c.entries())
	dc = drawAbove(dc, c.Y)
	p, err := c.axes()
	if err != nil {
		return err
	}
	for i, s := range c.Series {
		if s.Low != nil {
			if err := c.addBand(p, s, lookOf(i)); err != nil {
				return err
			}
		}
	}
	for i, s := range c.Series {
		if err := c.addLine(p, s, lookOf(i)); err != nil {
			return err
		}
	}
	if err := c.addMarks(p); err != nil {
		return err
	}
	p.Draw(dc)
	return nil
}

// entries are what the legend explains; a single line needs no legend.
func (c Chart) entries() []entry {
	var list []entry
	for i, s := range c.Series {
		if s.Name != "" && len(c.Series) > 1 {
			list = append(list, entry{s.Name, lookOf(i)})
		}
	}
	return list
}

// addLine draws a series, in parts where it is interrupted.
func (c Chart) addLine(p *gonum.Plot, s Series, l look) error {
	for _, part := range c.parts(s.X, s.Mean) {
		line, err := plotter.NewLine(part)
		if err != nil {
			return err
		}
		line.LineStyle = l.line
		p.Add(line)
		if len(s.X) <= fewPoints || len(part) == 1 {
			marks, err := plotter.NewScatter(part)
			if err != nil {
				return err
			}
			marks.GlyphStyle = l.mark
			p.Add(marks)
		}
	}
	return nil
}

// addBand fills what lies between the low and the high values.
func (c Chart) addBand(p *gonum.Plot, s Series, l look) error {
	var edge plotter.XYs
	for i, x := range s.X {
		if c.drawable(x, s.Low[i]) && c.drawable(x, s.High[i]) {
			edge = append(edge, plotter.XY{X: x, Y: s.Low[i]})
		}
	}
	for i := len(s.X) - 1; i >= 0; i-- {
		if c.drawable(s.X[i], s.Low[i]) && c.drawable(s.X[i], s.High[i]) {
			edge = append(edge, plotter.XY{X: s.X[i], Y: s.High[i]})
		}
	}
	if len(edge) < 4 { // a single point has no width
		return nil
	}
	band, err := plotter.NewPolygon(edge)
	if err != nil {
		return err
	}
	band.LineStyle.Width = 0
	band.Color = color.NRGBA{l.color.R, l.color.G, l.color.B, 0x30}
	p.Add(band)
	return nil
}

// addMarks draws rings, and their words on the side that has more room.
func (c Chart) addMarks(p *gonum.Plot) error {
	for i, m := range c.Marks {
		if !c.drawable(m.X, m.Y) {
			continue
		}
		at := plotter.XYs{{X: m.X, Y: m.Y}}
		ring, err := plotter.NewScatter(at)
		if err != nil {
			return err
		}
		ring.GlyphStyle = draw.GlyphStyle{Color: textInk.light, Radius: 5, Shape: draw.RingGlyph{}}
		words, err := plotter.NewLabels(plotter.XYLabels{XYs: at, Labels: []string{m.Label}})
		if err != nil {
			return err
		}
		words.TextStyle[0] = lettering(textInk, textSize, draw.XLeft, draw.YBottom)
		words.Offset = vg.Point{X: 6, Y: 5}
		if left, right := c.room(p, i); left > right {
			words.TextStyle[0].XAlign = draw.XRight
			words.Offset.X = -6
		}
		p.Add(ring, words)
	}
	return nil
}

// room is how far it is from a mark to the next one at about its height, or to
// the edge, to the left and to the right: shares of the chart's width.
func (c Chart) room(p *gonum.Plot, mark int) (left, right float64) {
	const height = 0.1 // of the chart: less than that and words meet
	x, y := p.X.Norm(c.Marks[mark].X), p.Y.Norm(c.Marks[mark].Y)
	left, right = x, 1-x
	for i, m := range c.Marks {
		if i == mark || !c.drawable(m.X, m.Y) || math.Abs(p.Y.Norm(m.Y)-y) > height {
			continue
		}
		if d := p.X.Norm(m.X) - x; d < 0 {
			left = min(left, -d)
		} else {
			right = min(right, d)
		}
	}
	return left, right
}

// parts cuts a line where a point cannot be drawn.
func (c Chart) parts(xs, ys []float64) []plotter.XYs {
	var list []plotter.XYs
	open := false
	for i, x := range xs {
		if !c.drawable(x, ys[i]) {
			open = false
			continue
		}
		if !open {
			list, open = append(list, nil), true
		}
		last := &list[len(list)-1]
		*last = append(*last, plotter.XY{X: x, Y: ys[i]})
	}
	return list
}
