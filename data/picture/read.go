package picture

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"

	"gradus/data/idx"
	"gradus/data/npy"
	"gradus/internal/regular"
)

// Limits on what is read.
const (
	maxPixels = 1 << 24 // of a PNG or JPEG image, as a telephone's camera makes them
	maxFile   = 1 << 26 // bytes of such a file
)

// ReadFile reads the pictures in the file at path: one from a PNG or JPEG image,
// all from an IDX file of images, packed by gzip or not, or a .npy file. The content tells which it
// is. Anything that is no regular file is refused. Errors are one line and name
// the file.
func ReadFile(path string) ([]*Picture, error) {
	f, _, err := regular.Open(path)
	if err != nil {
		return nil, named(path, err)
	}
	defer f.Close()
	return Read(f, path)
}

// Read is ReadFile for a source that is no file; name stands for it in errors.
func Read(r io.Reader, name string) ([]*Picture, error) {
	b := bufio.NewReader(r)
	start, err := b.Peek(len(pngMagic))
	if err != nil && err != io.EOF {
		return nil, named(name, regular.Unreadable(name, err))
	}
	switch text := string(start); {
	case strings.HasPrefix(text, npy.Magic):
		return readNPY(b, name)
	case strings.HasPrefix(text, "\x1f\x8b"), strings.HasPrefix(text, "\x00\x00"):
		return readIDX(b, name)
	case text == pngMagic, strings.HasPrefix(text, jpegMagic):
		return readImage(b, name)
	case text == "":
		return nil, named(name, errors.New("expected an image, got an empty file"))
	default:
		return nil, named(name, fmt.Errorf("expected a PNG, JPEG, IDX or .npy file, got one that begins with %q", text))
	}
}

func readImage(r io.Reader, name string) ([]*Picture, error) {
	file, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return nil, named(name, regular.Unreadable(name, err))
	}
	if len(file) > maxFile {
		return nil, named(name, fmt.Errorf("expected an image file of at most %d bytes, got more", maxFile))
	}
	if err := checkClaim(file); err != nil {
		return nil, named(name, err)
	}
	m, err := Decode(bytes.NewReader(file), maxPixels)
	if err != nil {
		return nil, named(name, err)
	}
	return []*Picture{fromImage(name, m)}, nil
}

func readIDX(r io.Reader, name string) ([]*Picture, error) {
	f, err := idx.Read(r, name)
	if err != nil {
		return nil, err
	}
	if f.DType != idx.Uint8 {
		return nil, named(name, fmt.Errorf("offset 2: expected images of dtype uint8, got %v", f.DType))
	}
	if len(f.Dims) == 1 {
		return nil, named(name, errors.New("offset 3: expected images of rank 2 or 3, got rank 1; labels file?"))
	}
	return split(name, f.Dims, f.Data)
}

func readNPY(r io.Reader, name string) ([]*Picture, error) {
	a, err := npy.Read(r, name)
	if err != nil {
		return nil, err
	}
	pixels := a.Data
	if a.IsFloat() {
		if pixels, err = fromFloats(a); err != nil {
			return nil, named(name, err)
		}
	}
	return split(name, a.Shape, pixels)
}

// fromFloats makes bytes of an array: numbers of 0 to 1 are parts of white, all
// others of 0 to 255 are bytes already.
func fromFloats(a *npy.Array) ([]byte, error) {
	largest := 0.0
	for i := range a.Len() {
		v := a.Number(i)
		if !(v >= 0 && v <= 255) {
			return nil, fmt.Errorf("expected numbers of 0 to 1 or of 0 to 255, got %v at index %d; pixels before they are normalised are wanted", v, i)
		}
		largest = max(largest, v)
	}
	scale := 1.0
	if largest <= 1 {
		scale = 255
	}
	pixels := make([]byte, a.Len())
	for i := range pixels {
		pixels[i] = byte(math.RoundToEven(scale * a.Number(i)))
	}
	return pixels, nil
}

// split makes pictures of an array: height x width, N x height x width, or N x
// channels x height x width.
func split(name string, dims []int, pixels []byte) ([]*Picture, error) {
	shape := dims
	switch len(dims) {
	case 2:
		shape = []int{1, 1, dims[0], dims[1]}
	case 3:
		shape = []int{dims[0], 1, dims[1], dims[2]}
	case 4:
	default:
		return nil, named(name, fmt.Errorf("expected an array of 2 to 4 dimensions, [N channels height width], got %d", len(dims)))
	}
	if c := shape[1]; c != 1 && c != 3 || shape[2] < 1 || shape[3] < 1 {
		return nil, named(name, fmt.Errorf("expected images [N 1 or 3, height, width] with pixels, got %v", shape))
	}
	size := shape[1] * shape[2] * shape[3]
	list := make([]*Picture, 0, len(pixels)/size)
	for i := range len(pixels) / size {
		p := &Picture{
			Name: name, Channels: shape[1], Height: shape[2], Width: shape[3],
			Pixels: pixels[i*size : (i+1)*size : (i+1)*size], IsSample: true,
		}
		if len(dims) > 2 {
			p.Name = fmt.Sprintf("%s[%d]", name, i)
		}
		list = append(list, p)
	}
	return list, nil
}

func named(name string, err error) error {
	if cause := (*fs.PathError)(nil); errors.As(err, &cause) {
		err = regular.Unreadable(name, err)
	}
	return fmt.Errorf("%s: %w", oneLine.Replace(name), err)
}

// oneLine keeps an error on one line whatever a path holds.
var oneLine = strings.NewReplacer("\n", `\n`, "\r", `\r`)
