package imagefolder

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"io"
	"io/fs"

	images "gradus/data/picture"
	"gradus/internal/regular"
)

// maxPixels keeps a header from claiming memory: the decoders allocate what it says before they read a pixel.
const maxPixels = 1 << 22

// picture is a decoded image.
type picture struct {
	height, width int
	grey          bool   // pixels has one channel
	pixels        []byte // channels x height x width
}

func (p *picture) size() string { return fmt.Sprintf("%dx%d", p.height, p.width) }

// readPicture reads the file at path.
func readPicture(path string) (*picture, error) {
	f, _, err := regular.Open(path)
	if err != nil {
		return nil, fault(path, err)
	}
	defer f.Close()
	p, err := decode(f)
	if err != nil {
		if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
			err = regular.Unreadable(path, err)
		}
		return nil, fault(path, err)
	}
	return p, nil
}

// decode reads a PNG or a JPEG image, known by its first bytes.
func decode(r io.ReadSeeker) (*picture, error) {
	m, err := images.Decode(r, maxPixels)
	if err != nil {
		return nil, err
	}
	return flatten(m)
}

// flatten takes the pixels of an image as bytes.
func flatten(m image.Image) (*picture, error) {
	b := m.Bounds()
	p := &picture{height: b.Dy(), width: b.Dx(), grey: true}
	if g, ok := m.(*image.Gray); ok {
		for y := range p.height {
			p.pixels = append(p.pixels, g.Pix[y*g.Stride:y*g.Stride+p.width]...)
		}
		return p, nil
	}
	plane := p.height * p.width
	p.pixels = make([]byte, 3*plane)
	for y := range p.height {
		for x := range p.width {
			c, opaque := at(m, b.Min.X+x, b.Min.Y+y)
			if !opaque {
				return nil, fmt.Errorf("expected opaque pixels, got a transparent one in row %d, column %d", y, x)
			}
			for i, v := range c {
				p.pixels[i*plane+y*p.width+x] = v
			}
			p.grey = p.grey && c[0] == c[1] && c[1] == c[2]
		}
	}
	if p.grey {
		p.pixels = p.pixels[:plane:plane]
	}
	return p, nil
}

// at returns the red, green and blue of a pixel.
func at(m image.Image, x, y int) (c [3]byte, opaque bool) {
	if n, ok := m.(*image.NRGBA); ok { // the decoders' most usual kind
		i := n.PixOffset(x, y)
		return [3]byte(n.Pix[i : i+3]), n.Pix[i+3] == 0xff
	}
	if n, ok := m.(*image.YCbCr); ok {
		v := n.YCbCrAt(x, y)
		c[0], c[1], c[2] = color.YCbCrToRGB(v.Y, v.Cb, v.Cr)
		return c, true
	}
	r, g, b, a := m.At(x, y).RGBA()
	return [3]byte{byte(r >> 8), byte(g >> 8), byte(b >> 8)}, a == 0xffff
}

// Check reads an image as [Open] would and returns its size, channels x height x width. Errors are one line and name the file.
func Check(path string) (size string, err error) {
	p, err := readPicture(path)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%dx%s", len(p.pixels)/(p.height*p.width), p.size()), nil
}
