package plot

import (
	"fmt"
	"image/color"
	"math"

	xfont "golang.org/x/image/font"
	gonum "gonum.org/v1/plot"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/text"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// ink is a colour with a name, under which an SVG's reader may choose another
// one: that of a dark page.
type ink struct {
	name        string
	light, dark color.RGBA
}

// Everything but lines is drawn with these. No two colours are equal, and none
// is plain black: an SVG knows a colour again by its value.
var (
	textInk  = ink{"text", rgb(0x1c1e21), rgb(0xe8e8e6)}
	mutedInk = ink{"muted", rgb(0x5c6167), rgb(0xa6abb0)}
	gridInk  = ink{"grid", rgb(0xe3e4e6), rgb(0x34383d)}
	pageInk  = ink{"page", rgb(0xffffff), rgb(0x16181b)}
)

// lineInks are the colours of Okabe and Ito (2008), which people with any
// kind of colour blindness tell apart; on a dark page a little lighter.
var lineInks = []ink{
	{"line1", rgb(0x0072b2), rgb(0x4aa8e0)},
	{"line2", rgb(0xd55e00), rgb(0xf0843c)},
	{"line3", rgb(0x009e73), rgb(0x35c49a)},
	{"line4", rgb(0xa8588a), rgb(0xe096c4)},
	{"line5", rgb(0xb98500), rgb(0xe8b935)},
	{"line6", rgb(0x3fa0d8), rgb(0x8bcbf2)},
	{"line7", rgb(0x595e64), rgb(0xb9bec4)},
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 0xff}
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02X%02X%02X", c.R, c.G, c.B) }

// look is how the i-th line differs from the others: by colour, by dashes and
// by mark, the three with different periods.
type look struct {
	color color.RGBA
	line  draw.LineStyle
	mark  draw.GlyphStyle
}

func lookOf(i int) look {
	dashes := [][]vg.Length{nil, {7, 3}, {2, 2.5}, {9, 3, 2, 3}, {4, 2}}
	marks := []draw.GlyphDrawer{
		draw.CircleGlyph{}, draw.BoxGlyph{}, draw.PyramidGlyph{}, diamond{}, cross{}, draw.RingGlyph{},
	}
	c := lineInks[i%len(lineInks)].light
	return look{
		color: c,
		line:  draw.LineStyle{Color: c, Width: 1.8, Dashes: dashes[i%len(dashes)]},
		mark:  draw.GlyphStyle{Color: c, Radius: 2.6, Shape: marks[i%len(marks)]},
	}
}

// diamond is a filled square on its corner.
type diamond struct{}

func (diamond) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	r := s.Radius * math.Sqrt2
	c.SetColor(s.Color)
	var path vg.Path
	path.Move(vg.Point{X: p.X - r, Y: p.Y})
	path.Line(vg.Point{X: p.X, Y: p.Y + r})
	path.Line(vg.Point{X: p.X + r, Y: p.Y})
	path.Line(vg.Point{X: p.X, Y: p.Y - r})
	path.Close()
	c.Fill(path)
}

// cross is made of two thick strokes.
type cross struct{}

func (cross) DrawGlyph(c *draw.Canvas, s draw.GlyphStyle, p vg.Point) {
	style, r := draw.LineStyle{Color: s.Color, Width: 1.5}, s.Radius
	c.StrokeLine2(style, p.X-r, p.Y-r, p.X+r, p.Y+r)
	c.StrokeLine2(style, p.X-r, p.Y+r, p.X+r, p.Y-r)
}

// Sizes of text, in points of a picture that is 480 points wide.
const (
	titleSize = 15
	textSize  = 13
)

// lettering is a style of text in the fonts that come with the plot library.
func lettering(i ink, size vg.Length, x draw.XAlignment, y draw.YAlignment) text.Style {
	return text.Style{
		Color: i.light, XAlign: x, YAlign: y, Handler: gonum.DefaultTextHandler,
		Font: font.Font{Typeface: "Liberation", Variant: "Sans", Size: size},
	}
}

// heading is lettering for titles.
func heading() text.Style {
	s := lettering(textInk, titleSize, draw.XLeft, draw.YTop)
	s.Font.Weight = xfont.WeightBold
	return s
}
