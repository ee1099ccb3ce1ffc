package draw

import (
	"bytes"
	"fmt"
	"image/png"
	"slices"
	"testing"

	"gradus/data"
)

// bars is n images of the given size, white but for row i%height, which is black.
func bars(n, channels, height, width int) *data.Set {
	s := &data.Set{Name: "bars", Shape: [3]int{channels, height, width}, Classes: 3, Mean: 0.5, Std: 0.5}
	for i := range n {
		image := bytes.Repeat([]byte{255}, channels*height*width)
		for c := range channels {
			clear(image[(c*height+i%height)*width:][:width])
		}
		s.Images, s.Labels = append(s.Images, image...), append(s.Labels, int32(i%3))
	}
	return s
}

func TestText(t *testing.T) {
	s := bars(4, 1, 4, 3)
	want := "0    1    2\n+++  +++  @@@\n@@@  @@@  +++\n\n0\n@@@\n+++\n"
	if got := Text(s, []int{0, 1, 2, 3}, 14); got != want {
		t.Errorf("expected\n%s\ngot\n%s", want, got)
	}
	// Shrunk to the width, an odd last row and column included; a long name is cut.
	s = bars(1, 3, 5, 5)
	s.ClassNames = []string{"a long name", "b", "c"}
	if got, want := Text(s, []int{0}, 3), "a l\n###\n@@@\n"; got != want {
		t.Errorf("expected\n%s\ngot\n%s", want, got)
	}
}

func TestClassName(t *testing.T) {
	s := &data.Set{Classes: 2, ClassNames: []string{"plain", "a\x1b[2Jb\n"}}
	if got := ClassName(s, 0); got != "plain" {
		t.Errorf("expected the name, got %q", got)
	}
	if got, want := ClassName(s, 1), `"a\x1b[2Jb\n"`; got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
}

func TestTextShowsBrightness(t *testing.T) {
	s := &data.Set{Shape: [3]int{3, 1, 3}, Classes: 1, Labels: []int32{0}, Images: []byte{255, 0, 0, 0, 255, 0, 0, 0, 255}}
	if got, want := Text(s, []int{0}, 3), "0\n-+.\n"; got != want {
		t.Errorf("expected red, green and blue as %q, got %q", want, got)
	}
}

func TestPick(t *testing.T) {
	s := &data.Set{Shape: [3]int{1, 1, 1}, Classes: 3, Labels: []int32{2, 2, 0, 2, 0}, Images: make([]byte, 5)}
	for n, want := range map[int][]int{0: nil, 1: {2}, 3: {2, 0, 4}, 4: {2, 0, 4, 1}, 9: {2, 0, 4, 1, 3}} {
		if got := Pick(s, n); !slices.Equal(got, want) {
			t.Errorf("%d: expected %v, got %v", n, want, got)
		}
	}
}

func TestPNG(t *testing.T) {
	s := bars(3, 3, 40, 60)
	s.Images[0], s.Images[2400], s.Images[4800] = 10, 20, 30 // the first pixel's colour
	var b bytes.Buffer
	if err := PNG(&b, s, []int{0, 1, 2}, 2); err != nil {
		t.Fatal(err)
	}
	m, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if got := m.Bounds().Size(); got.X != 2*64+4 || got.Y != 2*44+4 {
		t.Errorf("expected two images in a row and two rows, got %v", got)
	}
	for _, pixel := range []struct {
		x, y int
		want string
	}{{0, 0, "{128 128 128 255}"}, {4, 4, "{10 20 30 255}"}, {5, 4, "{0 0 0 255}"}, {4, 5, "{255 255 255 255}"}, {131, 91, "{128 128 128 255}"}, {100, 60, "{128 128 128 255}"}} {
		r, g, bl, a := m.At(pixel.x, pixel.y).RGBA()
		if got := fmt.Sprint(struct{ R, G, B, A uint32 }{r >> 8, g >> 8, bl >> 8, a >> 8}); got != pixel.want {
			t.Errorf("%d, %d: expected %s, got %s", pixel.x, pixel.y, pixel.want, got)
		}
	}
	// Small images are enlarged.
	b.Reset()
	if err := PNG(&b, bars(1, 1, 28, 28), []int{0}, 10); err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(&b); err != nil || c.Width != 2*28+8 {
		t.Errorf("expected an image twice as large, got %v, %v", c, err)
	}
}

func ExampleText() {
	cross := &data.Set{
		Shape: [3]int{1, 4, 3}, Classes: 2, ClassNames: []string{"cross", "ring"}, Labels: []int32{0},
		Images: []byte{0, 255, 0, 255, 255, 255, 255, 255, 255, 0, 255, 0},
	}
	fmt.Print(Text(cross, []int{0}, 80))
	// Output:
	// cro
	// +@+
	// +@+
}
