package picture

import (
	"fmt"
	"image"
	"image/color"
)

// Picture is an image before a network sees it.
type Picture struct {
	Name          string // for people: the file, and which of several images in it
	Height, Width int
	Channels      int    // 1, grey, or 3: red, green, blue
	Pixels        []byte // channels x height x width
	// IsSample says that the picture comes from an array of images, as data sets
	// are.
	IsSample bool
}

// Fits reports whether the picture has a network's height and width.
func (p *Picture) Fits(shape [3]int) bool { return p.Height == shape[1] && p.Width == shape[2] }

// planes are the channels a network sees: colours for three, brightness for one.
func (p *Picture) planes(channels int) ([][]byte, error) {
	size := p.Height * p.Width
	switch {
	case channels == 1 && p.Channels == 3:
		grey := make([]byte, size)
		for i := range grey {
			grey[i] = color.GrayModel.Convert(color.RGBA{p.Pixels[i], p.Pixels[size+i], p.Pixels[2*size+i], 0xff}).(color.Gray).Y
		}
		return [][]byte{grey}, nil
	case channels == 3 && p.Channels == 1:
		return [][]byte{p.Pixels, p.Pixels, p.Pixels}, nil
	case channels == p.Channels:
		var list [][]byte
		for c := range channels {
			list = append(list, p.Pixels[c*size:(c+1)*size])
		}
		return list, nil
	}
	return nil, fmt.Errorf("%s: expected images of %d channels, got %d", p.Name, channels, p.Channels)
}

// fromImage takes the pixels of an image. Where it lets the background through,
// the background is white, or black behind what is light itself, so that it can be
// seen.
func fromImage(name string, m image.Image) *Picture {
	b := m.Bounds()
	p := &Picture{Name: name, Height: b.Dy(), Width: b.Dx(), Channels: 1}
	if g, ok := m.(*image.Gray); ok {
		for y := range p.Height {
			p.Pixels = append(p.Pixels, g.Pix[y*g.Stride:y*g.Stride+p.Width]...)
		}
		return p
	}
	p.Channels = 3
	size := p.Height * p.Width
	p.Pixels = make([]byte, 3*size)
	behind := background(m)
	isGrey := true
	for y := range p.Height {
		for x := range p.Width {
			c := color.RGBA64Model.Convert(m.At(b.Min.X+x, b.Min.Y+y)).(color.RGBA64)
			through := uint32(0xffff-c.A) * behind / 0xffff
			i := y*p.Width + x
			p.Pixels[i] = byte((uint32(c.R) + through) >> 8)
			p.Pixels[size+i] = byte((uint32(c.G) + through) >> 8)
			p.Pixels[2*size+i] = byte((uint32(c.B) + through) >> 8)
			isGrey = isGrey && p.Pixels[i] == p.Pixels[size+i] && p.Pixels[i] == p.Pixels[2*size+i]
		}
	}
	if isGrey {
		p.Channels, p.Pixels = 1, p.Pixels[:size:size]
	}
	return p
}

// background is the brightness behind an image: 0 where what is drawn is light, and
// 65535 elsewhere.
func background(m image.Image) uint32 {
	if o, ok := m.(interface{ Opaque() bool }); ok && o.Opaque() {
		return 0xffff
	}
	b := m.Bounds()
	var light, drawn uint64
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			r, g, bl, a := m.At(x, y).RGBA()
			light += uint64(r) + uint64(g) + uint64(bl)
			drawn += 3 * uint64(a)
		}
	}
	if 2*light > drawn {
		return 0
	}
	return 0xffff
}
