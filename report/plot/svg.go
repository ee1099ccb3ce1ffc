package plot

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgsvg"
)

// picture is what can be drawn.
type picture interface {
	check() error
	title() string
	height() vg.Length
	draw(draw.Canvas) error
}

// margin is what is left free around a picture; on a page, which has a margin of
// its own, not to the left.
const margin = 6

// canvas is the part of a canvas to draw on.
func canvas(dc draw.Canvas) draw.Canvas { return draw.Crop(dc, margin, -margin, margin, -margin) }

// writeSVG writes a picture whose colours are names: its reader, or the page
// around it, may give them other values.
func writeSVG(w io.Writer, p picture) error {
	if err := p.check(); err != nil {
		return err
	}
	c := vgsvg.NewWith(vgsvg.UseWH(width, p.height()))
	if err := p.draw(canvas(draw.New(c))); err != nil {
		return err
	}
	var text bytes.Buffer
	if _, err := c.WriteTo(&text); err != nil {
		return err
	}
	_, body, ok := strings.Cut(text.String(), "xmlns:xlink=\"http://www.w3.org/1999/xlink\">\n")
	if !ok {
		return fmt.Errorf("svg: expected a header, got %.40q", text.String())
	}
	var name bytes.Buffer
	if err := xml.EscapeText(&name, []byte(p.title())); err != nil {
		return err
	}
	_, err := fmt.Fprintf(w, "<svg class=\"plot\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"%d 0 %g %g\" role=\"img\">\n<title>%s</title>\n<style>%s</style>\n%s",
		margin, width.Points()-margin, p.height().Points(), &name, Style(), named().Replace(body))
	return err
}

func inks() []ink { return append([]ink{textInk, mutedInk, gridInk, pageInk}, lineInks...) }

// named puts names in the place of colours and fonts.
func named() *strings.Replacer {
	pairs := []string{"font-family:Liberation Sans", "font-family:'Liberation Sans',Arimo,Helvetica,Arial,sans-serif"}
	for _, i := range inks() {
		value := hex(i.light)
		pairs = append(pairs, value, fmt.Sprintf("var(--plot-%s,%s)", i.name, value))
	}
	return strings.NewReplacer(pairs...)
}

// Style is the style sheet of the pictures: the values of their colours on a
// light page and on a dark one. Every SVG has it.
func Style() string {
	var light, dark strings.Builder
	for _, i := range inks() {
		fmt.Fprintf(&light, "--plot-%s:%s;", i.name, hex(i.light))
		fmt.Fprintf(&dark, "--plot-%s:%s;", i.name, hex(i.dark))
	}
	return fmt.Sprintf(".plot{%s}@media screen and (prefers-color-scheme:dark){.plot{%s}}", &light, &dark)
}
