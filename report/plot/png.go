package plot

import (
	"image/color"
	"io"

	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// dotsPerInch makes pictures of 960 dots across, sharp on paper and on screens
// with two dots for a pixel.
const dotsPerInch = 144

func writePNG(w io.Writer, p picture) error {
	if err := p.check(); err != nil {
		return err
	}
	c := vgimg.NewWith(vgimg.UseWH(width, p.height()), vgimg.UseDPI(dotsPerInch), vgimg.UseBackgroundColor(color.White))
	if err := p.draw(canvas(draw.New(c))); err != nil {
		return err
	}
	_, err := vgimg.PngCanvas{Canvas: c}.WriteTo(w)
	return err
}
