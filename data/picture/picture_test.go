package picture_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/data/picture"
)

func asPNG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func asJPEG(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claiming is a PNG whose header claims another size.
func claiming(t testing.TB, width, height uint32) []byte {
	return claim(asPNG(t, image.NewGray(image.Rect(0, 0, 1, 1))), width, height)
}

// claim writes another size into a PNG's header.
func claim(file []byte, width, height uint32) []byte {
	binary.BigEndian.PutUint32(file[16:], width)
	binary.BigEndian.PutUint32(file[20:], height)
	binary.BigEndian.PutUint32(file[29:], crc32.ChecksumIEEE(file[12:29]))
	return file
}

// idxFile is an IDX file of bytes.
func idxFile(dims []uint32, data ...byte) []byte {
	b := []byte{0, 0, 8, byte(len(dims))}
	for _, d := range dims {
		b = binary.BigEndian.AppendUint32(b, d)
	}
	return append(b, data...)
}

// npyFile is what numpy.save writes.
func npyFile(dtype, shape string, data ...byte) []byte {
	header := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': %s, }\n", dtype, shape)
	b := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(header)))
	return append(append(b, header...), data...)
}

func floats(x ...float32) []byte {
	var b []byte
	for _, v := range x {
		b = binary.LittleEndian.AppendUint32(b, floatBits(v))
	}
	return b
}

func TestRead(t *testing.T) {
	paint := func(m interface {
		image.Image
		Set(x, y int, c color.Color)
	}, colours ...color.Color) image.Image {
		for i, c := range colours {
			m.Set(i%2, i/2, c)
		}
		return m
	}
	square := image.Rect(0, 0, 2, 2)
	black, white := color.NRGBA{0, 0, 0, 255}, color.NRGBA{255, 255, 255, 255}
	red := color.NRGBA{255, 0, 0, 255}
	ink, chalk, half := color.NRGBA{0, 0, 0, 0}, color.NRGBA{255, 255, 255, 0}, color.NRGBA{0, 0, 0, 128}
	for _, tt := range []struct {
		name string
		file []byte
		want string // names, sizes and pixels
	}{
		{"grey", asPNG(t, paint(image.NewGray(square), black, white, color.Gray{7}, color.Gray{8})), "f 1x2x2 [0 255 7 8]"},
		{"grey of 16 bits", asPNG(t, paint(image.NewGray16(square), color.Gray16{0x1234}, color.Gray16{0xffff}, black, black)), "f 1x2x2 [18 255 0 0]"},
		{"grey stored in colours", asPNG(t, paint(image.NewNRGBA(square), black, white, white, black)), "f 1x2x2 [0 255 255 0]"},
		{"colours", asPNG(t, paint(image.NewNRGBA(square), red, white, black, black)), "f 3x2x2 [255 255 0 0 0 255 0 0 0 255 0 0]"},
		{"ink on nothing", asPNG(t, paint(image.NewNRGBA(square), black, ink, ink, half)), "f 1x2x2 [0 255 255 127]"},
		{"chalk on nothing", asPNG(t, paint(image.NewNRGBA(square), white, chalk, chalk, chalk)), "f 1x2x2 [255 0 0 0]"},
		{"JPEG", asJPEG(t, paint(image.NewGray(square), white, white, white, white)), "f 1x2x2 [255 255 255 255]"},
		{"IDX", idxFile([]uint32{2, 1, 2}, 1, 2, 3, 4), "f[0] 1x1x2 [1 2] sample; f[1] 1x1x2 [3 4] sample"},
		{"an image of IDX", idxFile([]uint32{1, 2}, 1, 2), "f 1x1x2 [1 2] sample"},
		{"no images", idxFile([]uint32{0, 28, 28}), ""},
		{"bytes of NumPy", npyFile("|u1", "(1, 2)", 1, 2), "f 1x1x2 [1 2] sample"},
		{"numbers to 1", npyFile("<f4", "(1, 1, 3)", floats(0, 0.5, 1)...), "f[0] 1x1x3 [0 128 255] sample"},
		{"numbers to 255", npyFile("<f4", "(1, 1, 3)", floats(0, 128, 255)...), "f[0] 1x1x3 [0 128 255] sample"},
		{"colours of NumPy", npyFile("|u1", "(1, 3, 1, 1)", 1, 2, 3), "f[0] 3x1x1 [1 2 3] sample"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			list, err := picture.Read(bytes.NewReader(tt.file), "f")
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, p := range list {
				line := fmt.Sprintf("%s %dx%dx%d %v", p.Name, p.Channels, p.Height, p.Width, p.Pixels)
				if p.IsSample {
					line += " sample"
				}
				got = append(got, line)
			}
			if text := strings.Join(got, "; "); text != tt.want {
				t.Errorf("expected %s, got %s", tt.want, text)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	good := asPNG(t, image.NewGray(image.Rect(0, 0, 28, 28)))
	flipped := slices.Clone(good)
	flipped[len(flipped)-20] ^= 1
	long := asJPEG(t, image.NewGray(image.Rect(0, 0, 8, 8)))
	long = slices.Clone(long)
	at := bytes.Index(long, []byte{0xff, 0xc0})
	copy(long[at+5:], []byte{0xff, 0xff, 0xff, 0xff})
	large := slices.Clone(long)
	copy(large[at+5:], []byte{0x0f, 0xff, 0x0f, 0xff})
	// Long enough to hold what they claim, for all that is known before they are decoded.
	progressive := append(slices.Clone(large), make([]byte, 1<<16)...)
	progressive[at+1] = 0xc2
	deep := append(claim(asPNG(t, image.NewNRGBA64(image.Rect(0, 0, 1, 1))), 4096, 4096), make([]byte, 1<<17)...)
	for _, tt := range []struct {
		name, want string
		file       []byte
	}{
		{"empty", "f: expected an image, got an empty file", nil},
		{"HTML", `f: expected a PNG, JPEG, IDX or .npy file, got one that begins with "<!DOCTYP"`, []byte("<!DOCTYPE html>")},
		{"three bytes", `f: expected a PNG, JPEG, IDX or .npy file, got one that begins with "abc"`, []byte("abc")},
		{"cut", "f: expected a whole image, got end of file; cut short?", good[:60]},
		{"damaged", "f: expected an undamaged image, got zlib: invalid checksum", flipped},
		{"claims 3.6 billion pixels", "f: expected a whole image, got fewer bytes than its size needs; cut short?", claiming(t, 60000, 60000)},
		{"claims 16 million pixels", "f: expected a whole image, got fewer bytes than its size needs; cut short?", claiming(t, 4096, 4096)},
		{"claims more than fits in an int", "f: expected a whole image, got fewer bytes than its size needs; cut short?", claiming(t, 1<<31-1, 1<<31-1)},
		{"JPEG that claims 4 billion pixels", "f: expected a whole image, got fewer bytes than its size needs; cut short?", long},
		{"JPEG that claims 16 million pixels", "f: expected a whole image, got fewer bytes than its size needs; cut short?", large},
		{"progressive JPEG", "f: expected an image that takes at most 64 MiB, got one of 4095x4095 that takes 79; save it smaller", progressive},
		{"16 bits", "f: expected an image that takes at most 64 MiB, got one of 4096x4096 that takes 128; save it smaller", deep},
		{"no size", "f: expected an undamaged image, got non-positive dimension", claiming(t, 0, 0)},
		{"labels", "f: offset 3: expected images of rank 2 or 3, got rank 1; labels file?", idxFile([]uint32{2}, 1, 2)},
		{"IDX cut", "f: offset 16: expected 4 data bytes, got 0", idxFile([]uint32{1, 2, 2})},
		{"IDX of numbers", "f: offset 2: expected images of dtype uint8, got float32", []byte{0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0}},
		{"gzip cut", "f: offset 3: expected gzip data, got end of file; cut short?", []byte{0x1f, 0x8b, 8}},
		{"two channels", "f: expected images [N 1 or 3, height, width] with pixels, got [1 2 1 1]", npyFile("|u1", "(1, 2, 1, 1)", 1, 2)},
		{"no rows", "f: expected images [N 1 or 3, height, width] with pixels, got [5 1 0 3]", npyFile("|u1", "(5, 0, 3)")},
		{"one dimension", "f: expected an array of 2 to 4 dimensions, [N channels height width], got 1", npyFile("|u1", "(2,)", 1, 2)},
		{"normalised", "f: expected numbers of 0 to 1 or of 0 to 255, got -0.4242129325866699 at index 1; pixels before they are normalised are wanted", npyFile("<f4", "(1, 2)", floats(0, -0.42421293)...)},
		{"not a number", "f: expected numbers of 0 to 1 or of 0 to 255, got NaN at index 0; pixels before they are normalised are wanted", npyFile("<f4", "(1, 1)", 0, 0, 0xc0, 0x7f)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := picture.Read(bytes.NewReader(tt.file), "f")
			runtime.ReadMemStats(&after)
			if err == nil || err.Error() != tt.want {
				t.Errorf("expected %s\ngot      %v", tt.want, err)
			}
			if got := after.TotalAlloc - before.TotalAlloc; got > 1<<20 {
				t.Errorf("expected at most 1 MiB of memory for a file of %d bytes, got %d", len(tt.file), got)
			}
		})
	}
}

func TestReadFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "dot.png")
	if err := os.WriteFile(path, asPNG(t, image.NewGray(image.Rect(0, 0, 3, 2))), 0o644); err != nil {
		t.Fatal(err)
	}
	list, err := picture.ReadFile(path)
	if err != nil || len(list) != 1 || list[0].Name != path || list[0].Width != 3 || list[0].Height != 2 {
		t.Errorf("expected a picture of 2x3, got %v, %v", list, err)
	}
	for path, want := range map[string]string{
		dir:                              ": expected a regular file, got a directory",
		filepath.Join(dir, "absent"):     ": expected a readable file, got no such file or directory",
		filepath.Join(dir, "two\nlines"): `: expected a readable file, got no such file or directory`,
	} {
		_, err := picture.ReadFile(path)
		if want = strings.ReplaceAll(path, "\n", `\n`) + want; err == nil || err.Error() != want {
			t.Errorf("expected %s, got %v", want, err)
		}
	}
}
