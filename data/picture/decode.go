package picture

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"io/fs"
	"strings"
)

const (
	pngMagic  = "\x89PNG\r\n\x1a\n"
	jpegMagic = "\xff\xd8"
)

// Decode reads a PNG or a JPEG image of at most so many pixels, known by its first bytes. The size in its header is looked
// at before anything is allocated for it: a decoder takes at most 64 MiB. Errors are one line; those of
// the operating system are what they were.
func Decode(r io.ReadSeeker, most int) (image.Image, error) {
	start := make([]byte, len(pngMagic))
	n, err := io.ReadFull(r, start)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, err
	}
	var config func(io.Reader) (image.Config, error)
	var full func(io.Reader) (image.Image, error)
	switch text := string(start[:n]); {
	case text == pngMagic:
		config, full = png.DecodeConfig, png.Decode
	case strings.HasPrefix(text, jpegMagic):
		config, full = jpeg.DecodeConfig, jpeg.Decode
	case text == "":
		return nil, errors.New("expected a PNG or JPEG image, got an empty file")
	default:
		return nil, fmt.Errorf("expected a PNG or JPEG image, got a file that begins with %q", text)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	c, err := config(bufio.NewReader(r))
	if err != nil {
		return nil, damaged(err)
	}
	if c.Width < 1 || c.Height < 1 || c.Width > most/c.Height {
		return nil, fmt.Errorf("expected an image of 1 to %d pixels, got %dx%d", most, c.Height, c.Width)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	if err := checkMemory(c, r); err != nil {
		return nil, err
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	decoded, err := full(bufio.NewReader(r))
	if err != nil {
		return nil, damaged(err)
	}
	return decoded, nil
}

// damaged words a decoder's error; one of the operating system stays what it is.
func damaged(err error) error {
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		return err
	}
	if errors.Is(err, io.EOF) || strings.HasSuffix(err.Error(), "unexpected EOF") { // png makes words of it
		return errors.New("expected a whole image, got end of file; cut short?")
	}
	reason := err.Error()
	for _, prefix := range []string{"png: ", "jpeg: ", "invalid format: ", "invalid JPEG format: "} {
		reason = strings.TrimPrefix(reason, prefix)
	}
	return fmt.Errorf("expected an undamaged image, got %s", reason)
}
