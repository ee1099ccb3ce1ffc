package picture_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gradus/data"
	"gradus/data/draw"
	"gradus/data/picture"
)

func floatBits(x float32) uint32 { return math.Float32bits(x) }

// rows is a picture of one digit for each pixel, 9 the brightest.
func rows(text string) *picture.Picture {
	lines := strings.Fields(text)
	p := &picture.Picture{Name: "p", Height: len(lines), Width: len(lines[0]), Channels: 1}
	for _, line := range lines {
		for _, c := range line {
			p.Pixels = append(p.Pixels, byte((c-'0')*28))
		}
	}
	return p
}

func TestPrepare(t *testing.T) {
	small := [3]int{1, 4, 4}
	for _, tt := range []struct {
		name string
		p    *picture.Picture
		o    picture.Options
		want []byte
	}{
		{"raw", rows("01 23"), picture.Options{Shape: [3]int{1, 2, 2}, Raw: true}, []byte{0, 28, 56, 84}},
		{"a bar, light on dark", rows("0000 0990 0990 0000"), picture.Options{Shape: small, Style: picture.Clothes},
			slices.Repeat([]byte{255}, 16)},
		{"a bar, dark on light", rows("9999 9009 9999"), picture.Options{Shape: small, Style: picture.Clothes},
			[]byte{0, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0}},
		{"what is dark, though light is stronger", rows("3333 3039 3333"), picture.Options{Shape: small, Style: picture.Clothes, Invert: picture.Always},
			slices.Repeat([]byte{255}, 16)},
		{"whole, enlarged", rows("09 90"), picture.Options{Shape: small}, []byte{0, 0, 252, 252, 0, 0, 252, 252, 252, 252, 0, 0, 252, 252, 0, 0}},
		{"whole, made smaller", rows("00 99 00 99"), picture.Options{Shape: [3]int{1, 2, 2}}, []byte{126, 0, 126, 0}},
		{"whole, inverted", rows("09 90"), picture.Options{Shape: [3]int{1, 2, 2}, Invert: picture.Always}, []byte{255, 3, 3, 255}},
		{"grey for a network of colours", rows("09 90"), picture.Options{Shape: [3]int{3, 2, 2}}, []byte{0, 252, 252, 0, 0, 252, 252, 0, 0, 252, 252, 0}},
		{"colours for a network of grey", &picture.Picture{Height: 1, Width: 2, Channels: 3, Pixels: []byte{255, 0, 0, 255, 0, 0}},
			picture.Options{Shape: [3]int{1, 1, 2}, Raw: true}, []byte{76, 150}},
		{"a sample stays", &picture.Picture{Height: 1, Width: 2, Channels: 1, Pixels: []byte{200, 100}, IsSample: true},
			picture.Options{Shape: [3]int{1, 1, 2}, Style: picture.Digits}, []byte{200, 100}},
		{"a sample, inverted", &picture.Picture{Height: 1, Width: 2, Channels: 1, Pixels: []byte{200, 100}, IsSample: true},
			picture.Options{Shape: [3]int{1, 1, 2}, Style: picture.Digits, Invert: picture.Always}, []byte{55, 155}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := slices.Clone(tt.p.Pixels)
			got, err := picture.Prepare(tt.p, tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("expected %v, got %v", tt.want, got)
			}
			if !slices.Equal(tt.p.Pixels, before) {
				t.Error("expected the picture to stay what it was")
			}
		})
	}
}

func TestPrepareRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, want string
		p          *picture.Picture
		o          picture.Options
	}{
		{"another size", "p: expected 4x4 pixels to be taken raw, got 1x2", rows("01"), picture.Options{Shape: [3]int{1, 4, 4}, Raw: true}},
		{"nothing drawn", "p: expected something on a background, got one brightness", rows("55 55"), picture.Options{Shape: [3]int{1, 4, 4}, Style: picture.Digits}},
		{"nothing light", "p: expected something on a background, got one brightness", rows("999 909 999"), picture.Options{Shape: [3]int{1, 4, 4}, Style: picture.Digits, Invert: picture.Never}},
		{"channels", "p: expected images of 2 channels, got 1", rows("01"), picture.Options{Shape: [3]int{2, 4, 4}}},
	} {
		_, err := picture.Prepare(tt.p, tt.o)
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: expected %s, got %v", tt.name, tt.want, err)
		}
	}
}

// Nothing but specks is no speck, and a picture may be thinner than a pixel of the
// sample.
func TestPrepareExtremes(t *testing.T) {
	o := picture.Options{Shape: [3]int{1, 28, 28}, Style: picture.Digits}
	dots := &picture.Picture{Name: "dots", Height: 40, Width: 40, Channels: 1, Pixels: make([]byte, 1600)}
	for y := 1; y < 39; y += 3 {
		for x := 1; x < 39; x += 3 {
			dots.Pixels[y*40+x] = 255
		}
	}
	line := &picture.Picture{Name: "line", Height: 3, Width: 3000, Channels: 1, Pixels: make([]byte, 9000)}
	for x := 10; x < 2990; x++ {
		line.Pixels[3000+x] = 255
	}
	for _, p := range []*picture.Picture{dots, line} {
		got, err := picture.Prepare(p, o)
		if err != nil || len(got) != 784 || slices.Max(got) != 255 {
			t.Errorf("%s: expected a sample with white in it, got %v, %v", p.Name, got, err)
		}
	}
}

func ExamplePrepare() {
	paper := rows(`
		88888888
		88888888
		88811888
		88881888
		88881888
		88888888`)
	sample, err := picture.Prepare(paper, picture.Options{Shape: [3]int{1, 14, 14}, Style: picture.Digits})
	if err != nil {
		panic(err)
	}
	set := &data.Set{Images: sample, Shape: [3]int{1, 14, 14}, Labels: []int32{1}, Classes: 2}
	fmt.Print(draw.Text(set, []int{0}, 20))
	// Output:
	// 1
	//
	//    +++++++
	//    @@@@@@@
	//    :::+@@@
	//       =@@@
	//       =@@@
	//       :+++
}
