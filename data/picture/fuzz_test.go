package picture_test

import (
	"bytes"
	"image"
	"strings"
	"testing"

	"gradus/data/picture"
)

// Whatever a file holds, it is refused in one line, or gives pictures of the size
// they report, which become samples of the size that is wanted.
func FuzzRead(f *testing.F) {
	grey := image.NewGray(image.Rect(0, 0, 5, 7))
	grey.Pix[12] = 200
	f.Add(asPNG(f, grey))
	f.Add(asPNG(f, image.NewNRGBA(image.Rect(0, 0, 3, 3))))
	f.Add(asJPEG(f, grey))
	f.Add(asJPEG(f, image.NewYCbCr(image.Rect(0, 0, 9, 4), image.YCbCrSubsampleRatio420)))
	f.Add(claiming(f, 4000, 4000))
	f.Add(idxFile([]uint32{2, 1, 2}, 1, 2, 3, 4))
	f.Add(npyFile("|u1", "(2, 2, 1)", 1, 2, 3, 4))
	f.Add(npyFile("<f4", "(1, 2)", floats(0, 0.5)...))
	f.Fuzz(func(t *testing.T, b []byte) {
		list, err := picture.Read(bytes.NewReader(b), "f")
		if err != nil {
			checkLine(t, err)
			return
		}
		for _, p := range list[:min(len(list), 20)] {
			if len(p.Pixels) != p.Channels*p.Height*p.Width || p.Channels != 1 && p.Channels != 3 {
				t.Fatalf("expected %dx%dx%d pixels, got %d", p.Channels, p.Height, p.Width, len(p.Pixels))
			}
			for _, style := range []picture.Style{picture.Whole, picture.Digits, picture.Clothes} {
				for _, invert := range []picture.Invert{picture.Auto, picture.Always, picture.Never} {
					sample, err := picture.Prepare(p, picture.Options{Shape: [3]int{1, 28, 28}, Style: style, Invert: invert})
					if err != nil {
						checkLine(t, err)
					} else if len(sample) != 28*28 {
						t.Fatalf("expected 784 pixels, got %d", len(sample))
					}
				}
			}
		}
	})
}

func checkLine(t *testing.T, err error) {
	t.Helper()
	if strings.ContainsAny(err.Error(), "\r\n") || !strings.HasPrefix(err.Error(), "f") {
		t.Fatalf("expected one line that begins with the file, got %q", err)
	}
}
