package picture

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

// Style is what the images of a data set look like.
type Style int

// The styles.
const (
	// Whole images are scaled as a whole, proportions kept, and put in the middle.
	Whole Style = iota
	// Digits are MNIST's: light strokes on black in a square of 20 of 28 pixels, the
	// centre of mass in the middle.
	Digits
	// Clothes are Fashion-MNIST's: light things on black, as large as the image and in
	// its middle.
	Clothes
)

// Invert says whether light and dark are exchanged.
type Invert int

// What to invert.
const (
	Auto   Invert = iota // what is dark on a light background; nothing in the style Whole
	Always               // everything
	Never
)

// Options say how Prepare makes samples.
type Options struct {
	Shape  [3]int // of a sample: channels, height, width
	Style  Style
	Invert Invert
	Raw    bool // pixels are taken as they are
}

// Prepare makes a sample of a picture, bytes of the shape that is wanted. A picture
// with IsSample that has the height and the width is taken as it is, but for what is
// always inverted; so is every picture with Raw, and one of another size refused.
// Errors are one line and name the picture.
func Prepare(p *Picture, o Options) ([]byte, error) {
	planes, err := p.planes(o.Shape[0])
	if err != nil {
		return nil, err
	}
	if o.Raw && !p.Fits(o.Shape) {
		return nil, fmt.Errorf("%s: expected %dx%d pixels to be taken raw, got %dx%d", p.Name, o.Shape[1], o.Shape[2], p.Height, p.Width)
	}
	if o.Raw || p.IsSample && p.Fits(o.Shape) {
		sample := slices.Concat(planes...)
		if o.Invert == Always && !o.Raw {
			for i, v := range sample {
				sample[i] = 255 - v
			}
		}
		return sample, nil
	}
	if o.Style == Whole {
		return whole(p, planes, o), nil
	}
	drawn, err := find(planes[0], p.Height, p.Width, o.Invert)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	sample := drawn.place(o)
	return slices.Concat(slices.Repeat([][]byte{sample}, o.Shape[0])...), nil
}

// whole scales all of a picture; what is left of the sample has the colour of the
// picture's border.
func whole(p *Picture, planes [][]byte, o Options) []byte {
	height, width := fit(p.Height, p.Width, o.Shape[1], o.Shape[2])
	top, left := (o.Shape[1]-height)/2, (o.Shape[2]-width)/2
	var same [256]float64
	for v := range same {
		same[v] = float64(v)
	}
	var sample []byte
	for _, plane := range planes {
		small := area(plane, p.Width, box{0, 0, p.Height, p.Width}, height, width, &same)
		out := slices.Repeat([]byte{borderOf(plane, p.Height, p.Width)}, o.Shape[1]*o.Shape[2])
		for y := range height {
			for x := range width {
				out[(top+y)*o.Shape[2]+left+x] = byte(math.Round(small[y*width+x]))
			}
		}
		sample = append(sample, out...)
	}
	if o.Invert == Always {
		for i, v := range sample {
			sample[i] = 255 - v
		}
	}
	return sample
}

// drawing is what is drawn on a background.
type drawing struct {
	plane      []byte
	width      int
	background byte
	ink        [256]float64 // of each brightness: 0 the background, 1 the strongest
	box        box          // around all ink
}

// box is a part of a picture: rows top to bottom-1, columns left to right-1.
type box struct{ top, left, bottom, right int }

const (
	// least is how far, of 255, something must differ from its background to be seen.
	least = 16
	// faint is the ink, of 1, below which it is noise or shade and becomes background.
	faint = 0.1
)

// find tells what is drawn from its background, which is what the border has most
// of. Without a choice, what differs more from it is taken, dark or light.
func find(plane []byte, height, width int, invert Invert) (*drawing, error) {
	darkest, lightest := slices.Min(plane), slices.Max(plane)
	background := borderOf(plane, height, width)
	down, up := float64(background)-float64(darkest), float64(lightest)-float64(background)
	isDark := down > up
	if invert != Auto {
		isDark = invert == Always
	}
	d := &drawing{plane: plane, width: width, background: background}
	reach := up
	if isDark {
		reach = down
	}
	if reach < least {
		return nil, errors.New("expected something on a background, got one brightness")
	}
	for v := range d.ink {
		ink := (float64(v) - float64(background)) / reach
		if isDark {
			ink = -ink
		}
		if ink >= faint {
			d.ink[v] = min(1, ink)
		}
	}
	d.clean()
	d.box = d.bounds(height)
	return d, nil
}

// bounds is the smallest box around all ink.
func (d *drawing) bounds(height int) box {
	b := box{height, d.width, 0, 0}
	for y := range height {
		for x, v := range d.plane[y*d.width : (y+1)*d.width] {
			if d.ink[v] > 0 {
				b = box{min(b.top, y), min(b.left, x), y + 1, max(b.right, x+1)}
			}
		}
	}
	return b
}

// borderOf is the median brightness of the outermost pixels.
func borderOf(plane []byte, height, width int) byte {
	var counts [256]int
	n := 0
	for y := range height {
		for x := 0; x < width; x++ {
			if y > 0 && y < height-1 && x > 0 && x < width-1 {
				x = width - 1
			}
			counts[plane[y*width+x]]++
			n++
		}
	}
	seen := 0
	for v, c := range counts {
		if seen += c; 2*seen >= n {
			return byte(v)
		}
	}
	return 0
}

// place draws the drawing where the style wants it.
func (d *drawing) place(o Options) []byte {
	height, width := o.Shape[1], o.Shape[2]
	frameHeight, frameWidth := height, width
	if o.Style == Digits {
		frameHeight, frameWidth = max(1, (20*height+14)/28), max(1, (20*width+14)/28)
	}
	h, w := fit(d.box.bottom-d.box.top, d.box.right-d.box.left, frameHeight, frameWidth)
	small := area(d.plane, d.width, d.box, h, w, &d.ink)
	// Averaging thins strokes: the strongest ink is white again.
	strongest := slices.Max(small)
	top, left := (height-h)/2, (width-w)/2
	if o.Style == Digits {
		y, x := centre(small, h, w)
		top = min(max(0, int(math.Round(float64(height)/2-y))), height-h)
		left = min(max(0, int(math.Round(float64(width)/2-x))), width-w)
	}
	sample := make([]byte, height*width)
	for y := range h {
		for x := range w {
			sample[(top+y)*width+left+x] = byte(math.Round(255 * small[y*w+x] / strongest))
		}
	}
	return sample
}

// centre is the centre of mass, in rows and columns from the first. MNIST has it at
// row and column 14 of 28.
func centre(plane []float64, height, width int) (y, x float64) {
	var mass, my, mx float64
	for i := range height {
		for j, v := range plane[i*width : (i+1)*width] {
			mass += v
			my += v * float64(i)
			mx += v * float64(j)
		}
	}
	return my / mass, mx / mass
}
