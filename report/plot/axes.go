package plot

import (
	"math"

	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/plotter"
	"gonum.org/v1/plot/vg/draw"
)

// axes is an empty plot that has room for every line, band and mark.
func (c Chart) axes() (*gonum.Plot, error) {
	p := plain(c.X)
	x, y := empty(), empty()
	for _, s := range c.Series {
		for i := range s.X {
			for _, ys := range [][]float64{s.Mean, s.Low, s.High} {
				if ys != nil && c.drawable(s.X[i], ys[i]) {
					x.add(s.X[i])
					y.add(ys[i])
				}
			}
		}
	}
	for _, m := range c.Marks {
		if c.drawable(m.X, m.Y) {
			x.add(m.X)
			y.add(m.Y)
		}
	}
	setAxis(&p.X, x, c.LogX, false)
	log := c.LogY && y.high > narrow*y.low
	if !log {
		y = y.fromZero()
	}
	setAxis(&p.Y, y.wider(log), log, c.Percent)
	return p, nil
}

// narrow is the ratio up to which a logarithmic axis would have too few round
// values on it. The axis then is an ordinary one.
const narrow = 3

// plain is a plot with thin horizontal lines and one axis, drawn last.
func plain(xLabel string) *gonum.Plot {
	p := gonum.New()
	p.BackgroundColor = nil
	p.X.Label.Text = xLabel
	p.X.Label.TextStyle = lettering(mutedInk, textSize, draw.XCenter, draw.YBottom)
	p.X.Label.Padding = 2
	for _, a := range []*gonum.Axis{&p.X, &p.Y} {
		a.Padding = 0
		a.Tick.LineStyle = draw.LineStyle{Color: mutedInk.light, Width: 0.7}
		a.Tick.Length = 4
	}
	p.X.Tick.Label = lettering(mutedInk, textSize, draw.XCenter, draw.YTop)
	p.Y.Tick.Label = lettering(mutedInk, textSize, draw.XRight, draw.YCenter)
	p.X.LineStyle = draw.LineStyle{Color: mutedInk.light, Width: 0.7}
	p.Y.LineStyle.Width, p.Y.Tick.LineStyle.Width = 0, 0
	p.Y.Tick.Length = 2
	grid := plotter.NewGrid()
	grid.Vertical.Width = 0
	grid.Horizontal = draw.LineStyle{Color: gridInk.light, Width: 0.7}
	p.Add(grid)
	return p
}

func setAxis(a *gonum.Axis, r span, log, percent bool) {
	if r.low == r.high {
		r.low, r.high = r.low-0.5, r.high+0.5
		if log {
			r.low, r.high = 0.5*(r.low+0.5), 2*(r.high-0.5)
		}
	}
	a.Min, a.Max = r.low, r.high
	a.Tick.Marker = ticks{log: log, percent: percent}
	if log {
		a.Scale = gonum.LogScale{}
	}
}

// span is an interval of values.
type span struct{ low, high float64 }

func empty() span { return span{math.Inf(1), math.Inf(-1)} }

func (r *span) add(v float64) { r.low, r.high = min(r.low, v), max(r.high, v) }

// fromZero begins the span at zero where that costs little room, and for shares
// near one, whose distance from each other would look large.
func (r span) fromZero() span {
	if r.low > 0 && r.low < 0.6*r.high || r.low > 0.5 && r.high <= 1 {
		r.low = 0
	}
	return r
}

// wider keeps lines away from the frame.
func (r span) wider(log bool) span {
	if log {
		f := math.Pow(r.high/r.low, 0.04)
		return span{r.low / f, r.high * f}
	}
	d := 0.04 * (r.high - r.low)
	if r.low != 0 {
		r.low -= d
	}
	r.high += d
	return r
}
