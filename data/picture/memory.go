package picture

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"io"
)

// maxMemory is how much a decoder may take for the size that a header claims.
const maxMemory = 64 << 20

// checkMemory refuses an image whose decoder would take more, before it does. The
// reader begins with the image.
func checkMemory(c image.Config, r io.Reader) error {
	pixel := 1 // bytes, of grey and of palettes
	switch c.ColorModel {
	case color.Gray16Model:
		pixel = 2
	case color.YCbCrModel:
		pixel = 3
	case color.RGBAModel, color.NRGBAModel, color.CMYKModel:
		pixel = 4
	case color.RGBA64Model, color.NRGBA64Model:
		pixel = 8
	}
	if progressive(r) {
		pixel += 4 * pixel // a coefficient for every number, kept until the last scan
	}
	if c.Width > maxMemory/pixel/c.Height {
		return fmt.Errorf("expected an image that takes at most %d MiB, got one of %dx%d that takes %d; save it smaller",
			maxMemory>>20, c.Height, c.Width, pixel*c.Height*c.Width>>20)
	}
	return nil
}

// progressive reports whether an image is a JPEG whose frame says so (marker SOF2 of
// ITU-T T.81).
func progressive(r io.Reader) bool {
	b := bufio.NewReader(r)
	var head [2]byte
	if _, err := io.ReadFull(b, head[:]); err != nil || string(head[:]) != jpegMagic {
		return false
	}
	const frame, progressiveFrame, scan = 0xc0, 0xc2, 0xda
	for {
		marker := byte(0xff)
		for marker == 0xff {
			var err error
			if marker, err = b.ReadByte(); err != nil {
				return false
			}
		}
		switch {
		case marker == progressiveFrame:
			return true
		case marker == frame, marker == frame+1, marker == scan:
			return false
		}
		if _, err := io.ReadFull(b, head[:]); err != nil {
			return false
		}
		if _, err := b.Discard(max(0, int(binary.BigEndian.Uint16(head[:]))-2)); err != nil {
			return false
		}
	}
}
