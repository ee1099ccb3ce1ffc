package draw

import (
	"image"
	"image/color"
	"image/png"
	"io"

	"gradus/data"
)

// PNG draws samples on a sheet, across of them in a row. Small images are enlarged by a whole number, so that pixels stay
// squares.
func PNG(w io.Writer, s *data.Set, indices []int, across int) error {
	const gap, least = 4, 56
	height, width := s.Shape[1], s.Shape[2]
	scale := max(1, least/max(height, width))
	across = min(across, len(indices))
	rows := (len(indices)-1)/across + 1
	sheet := image.NewRGBA(image.Rect(0, 0, across*(width*scale+gap)+gap, rows*(height*scale+gap)+gap))
	for i := range sheet.Pix {
		sheet.Pix[i] = 0x80 // between the images; what they cover is opaque
		if i%4 == 3 {
			sheet.Pix[i] = 0xff
		}
	}
	for i, index := range indices {
		left, top := gap+i%across*(width*scale+gap), gap+i/across*(height*scale+gap)
		for y := range height * scale {
			for x := range width * scale {
				r, g, b := pixel(s, index, y/scale, x/scale)
				sheet.SetRGBA(left+x, top+y, color.RGBA{r, g, b, 0xff})
			}
		}
	}
	return png.Encode(w, sheet)
}
