package imagefolder

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"gradus/random"
)

// grey is an image of two rows and three columns, all of one shade.
func grey(shade byte) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, 3, 2))
	for i := range m.Pix {
		m.Pix[i] = shade
	}
	return m
}

// coloured is the same in red, green, blue.
func coloured(r, g, b, a byte) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, 3, 2))
	for y := range 2 {
		for x := range 3 {
			m.SetNRGBA(x, y, color.NRGBA{r, g, b, a})
		}
	}
	return m
}

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
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 100}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// folder writes files into a new folder called flowers; a name that ends in / makes a folder.
func folder(t *testing.T, files map[string][]byte) (dir string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "flowers")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		parent := filepath.Dir(path)
		if strings.HasSuffix(name, "/") {
			parent = path
		}
		if err := os.MkdirAll(parent, 0o755); err != nil {
			t.Fatal(err)
		}
		if parent != path {
			if err := os.WriteFile(path, content, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
	return dir
}

func TestTrainAndTest(t *testing.T) {
	dir := folder(t, map[string][]byte{
		"train/rose/b.png":   asPNG(t, grey(30)),
		"train/rose/a.PNG":   asPNG(t, grey(20)),
		"train/Lily/1.png":   asPNG(t, grey(10)),
		"train/empty/":       nil,
		"train/.git/x":       nil,
		"train/rose/.hidden": nil,
		"train/readme.txt":   nil,
		"test/rose/z.jpeg":   asJPEG(t, grey(40)),
	})
	train, test, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"Lily", "empty", "rose"}, train.ClassNames); diff != "" {
		t.Error(diff)
	}
	if !slices.Equal(train.Labels, []int32{0, 2, 2}) || !slices.Equal(test.Labels, []int32{2}) {
		t.Errorf("expected labels 0 2 2 and 2, got %v and %v", train.Labels, test.Labels)
	}
	if train.Shape != [3]int{1, 2, 3} || train.Classes != 3 || train.Name != "flowers train" || test.Name != "flowers test" {
		t.Errorf("expected flowers of 1x2x3 in 3 classes, got %s of %v in %d", train.Name, train.Shape, train.Classes)
	}
	for i, shade := range []byte{10, 20, 30} {
		if want := bytes.Repeat([]byte{shade}, 6); !bytes.Equal(train.Image(i), want) {
			t.Errorf("image %d: expected %v, got %v", i, want, train.Image(i))
		}
	}
	if test.Image(0)[0] != 40 {
		t.Errorf("expected the shade 40 of the JPEG image, got %v", test.Image(0))
	}
	mean, std := train.Moments()
	if train.Mean != float32(mean) || train.Std != float32(std) || test.Mean != train.Mean || test.Std != train.Std {
		t.Errorf("expected both sets to have the training set's %v and %v, got %v %v and %v %v", mean, std, train.Mean, train.Std, test.Mean, test.Std)
	}
	for _, s := range []interface{ Validate() error }{train, test} {
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	}
}

// One coloured pixel among all images makes three channels.
func TestChannels(t *testing.T) {
	palette := image.NewPaletted(image.Rect(0, 0, 3, 2), color.Palette{color.Gray{7}, color.RGBA{7, 8, 9, 255}})
	dark := image.NewPaletted(image.Rect(0, 0, 3, 2), palette.Palette)
	palette.Pix[5] = 1
	deep := image.NewGray16(image.Rect(0, 0, 3, 2))
	deep.SetGray16(0, 0, color.Gray16{0x12ff})
	for _, test := range []struct {
		what     string
		image    image.Image
		channels int
		first    []byte // of the image, the first pixel's channels
	}{
		{"grey", grey(9), 1, []byte{9}},
		{"grey in colours", coloured(9, 9, 9, 255), 1, []byte{9}},
		{"coloured", coloured(1, 2, 3, 255), 3, []byte{1, 2, 3}},
		{"grey palette", dark, 1, []byte{7}},
		{"palette", palette, 3, []byte{7, 7, 7}},
		{"16 bits", deep, 1, []byte{0x12}},
	} {
		dir := folder(t, map[string][]byte{
			"train/a/1.png": asPNG(t, grey(50)), "train/a/2.png": asPNG(t, test.image),
			"test/a/1.png": asPNG(t, grey(60)),
		})
		train, testSet, err := Open(dir)
		if err != nil {
			t.Fatalf("%s: %v", test.what, err)
		}
		if train.Shape[0] != test.channels || testSet.Shape != train.Shape {
			t.Errorf("%s: expected %d channels, got %v", test.what, test.channels, train.Shape)
			continue
		}
		for c := range test.channels {
			if got := train.Image(1)[6*c]; got != test.first[c] {
				t.Errorf("%s: expected %d in channel %d, got %d", test.what, test.first[c], c, got)
			}
			if got := testSet.Image(0)[6*c]; got != 60 {
				t.Errorf("%s: expected the grey image's 60 in channel %d, got %d", test.what, c, got)
			}
		}
	}
	red := folder(t, map[string][]byte{"train/a/1.jpg": asJPEG(t, coloured(200, 30, 40, 255)), "test/a/1.png": asPNG(t, grey(60))})
	train, _, err := Open(red)
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range []int{200, 30, 40} {
		if got := int(train.Image(0)[6*c]); train.Shape[0] != 3 || got < want-4 || got > want+4 {
			t.Errorf("expected about %d in channel %d of the JPEG image, got %d", want, c, got)
		}
	}
}

// A folder without train and test is split by a permutation that no seed of a training changes.
func TestOneFolder(t *testing.T) {
	files := map[string][]byte{}
	for i := range 20 {
		files["a/"+string(rune('a'+i))+".png"] = asPNG(t, grey(byte(i)))
	}
	files["b/1.png"] = asPNG(t, grey(100))
	dir := folder(t, files)
	train, test, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int32, 21)
	random.New(0, "test").Perm(order)
	want := order[18:]
	slices.Sort(want)
	var got []int32
	for i := range test.Len() {
		shade := int32(test.Image(i)[0])
		if shade == 100 {
			shade = 20
		}
		got = append(got, shade)
	}
	if !slices.Equal(got, want) || train.Len() != 18 {
		t.Errorf("expected samples %v for the test and 18 for training, got %v and %d", want, got, train.Len())
	}
	two := folder(t, map[string][]byte{"a/1.png": asPNG(t, grey(1)), "b/1.png": asPNG(t, grey(2))})
	if train, test, err = Open(two); err != nil || train.Len() != 1 || test.Len() != 1 {
		t.Errorf("expected one sample each, got %v, %v, %v", train, test, err)
	}
}

// claiming is a PNG file whose header claims a size that its bytes do not have.
func claiming(t *testing.T, width, height uint32) []byte {
	t.Helper()
	b := asPNG(t, grey(1))
	binary.BigEndian.PutUint32(b[16:], width)
	binary.BigEndian.PutUint32(b[20:], height)
	binary.BigEndian.PutUint32(b[29:], crc32.ChecksumIEEE(b[12:29]))
	return b
}

// In the lines, DIR stands for the folder and / for the system's separator.
func TestRefusals(t *testing.T) {
	whole, other := asPNG(t, grey(1)), asPNG(t, image.NewGray(image.Rect(0, 0, 4, 2)))
	flipped := bytes.Clone(whole)
	flipped[len(flipped)-20] ^= 1
	wide := asJPEG(t, grey(1))
	long := bytes.Clone(wide)
	if at := bytes.Index(long, []byte{0xff, 0xc0}); at >= 0 {
		copy(long[at+5:], []byte{0xff, 0xff, 0xff, 0xff})
	}
	for _, test := range []struct {
		what  string
		files map[string][]byte
		line  string
	}{
		{"nothing", nil, "DIR: expected a folder for each class, got none"},
		{"one image", map[string][]byte{"a/1.png": whole}, "DIR: expected at least 2 images, one for training and one for the test, got 1"},
		{"empty classes", map[string][]byte{"a/": nil, "b/": nil}, "DIR: expected at least 2 images, one for training and one for the test, got 0"},
		{"no test", map[string][]byte{"train/a/1.png": whole}, "DIR: expected train and test, or a folder for each class, got one of the two"},
		{"empty test", map[string][]byte{"train/a/1.png": whole, "test/a/": nil}, "DIR/test: expected at least 1 image, got 0"},
		{"empty train", map[string][]byte{"train/a/": nil, "test/a/1.png": whole}, "DIR/train: expected at least 1 image, got 0"},
		{"no classes", map[string][]byte{"train/1.png": whole, "test/a/1.png": whole}, "DIR/train: expected a folder for each class, got none"},
		{"new class", map[string][]byte{"train/a/1.png": whole, "test/b/1.png": whole}, "DIR/test/b: expected one of the 1 classes of the training set, got another"},
		{"A14 sizes", map[string][]byte{"train/a/1.png": whole, "train/a/2.png": other, "test/a/1.png": whole}, "DIR/train/a/2.png: expected an image of 2x3 as DIR/train/a/1.png, got 2x4"},
		{"A14 size in test", map[string][]byte{"train/a/1.png": whole, "test/a/1.png": other}, "DIR/test/a/1.png: expected an image of 2x3 as DIR/train/a/1.png, got 2x4"},
		{"another file", map[string][]byte{"a/1.png": whole, "a/notes.txt": whole}, "DIR/a/notes.txt: expected .png, .jpg or .jpeg files only in the folder of a class, got another"},
		{"a folder", map[string][]byte{"a/1.png": whole, "a/2.png/x": nil}, "DIR/a/2.png: expected a regular file, got a directory"},
		{"empty file", map[string][]byte{"a/1.png": whole, "a/2.png": {}}, "DIR/a/2.png: expected a PNG or JPEG image, got an empty file"},
		{"HTML", map[string][]byte{"a/1.png": whole, "a/2.jpg": []byte("<html>\nno")}, `DIR/a/2.jpg: expected a PNG or JPEG image, got a file that begins with "<html>\nn"`},
		{"cut", map[string][]byte{"a/1.png": whole[:len(whole)-14], "a/2.png": whole}, "DIR/a/1.png: expected a whole image, got end of file; cut short?"},
		{"cut header", map[string][]byte{"a/1.png": whole[:20], "a/2.png": whole}, "DIR/a/1.png: expected a whole image, got end of file; cut short?"},
		{"cut JPEG", map[string][]byte{"a/1.jpg": wide[:len(wide)/2], "a/2.png": whole}, "DIR/a/1.jpg: expected a whole image, got end of file; cut short?"},
		{"flipped", map[string][]byte{"a/1.png": whole, "a/2.png": flipped}, "DIR/a/2.png: expected an undamaged image, got zlib: invalid checksum"},
		{"A9 claim", map[string][]byte{"a/1.png": claiming(t, 60000, 60000), "a/2.png": whole}, "DIR/a/1.png: expected an image of 1 to 4194304 pixels, got 60000x60000"},
		{"A9 claim of JPEG", map[string][]byte{"a/1.jpg": long, "a/2.png": whole}, "DIR/a/1.jpg: expected an image of 1 to 4194304 pixels, got 65535x65535"},
		{"A9 claim within the limit", map[string][]byte{"a/1.png": claiming(t, 2048, 2048), "a/2.png": whole}, "DIR/a/1.png: expected an undamaged image, got not enough pixel data"},
		{"A7 overflow", map[string][]byte{"a/1.png": claiming(t, 1<<31-1, 1<<31-1), "a/2.png": whole}, "DIR/a/1.png: expected an undamaged image, got unsupported feature: dimension overflow"},
		{"transparent", map[string][]byte{"a/1.png": whole, "a/2.png": asPNG(t, coloured(1, 2, 3, 254))}, "DIR/a/2.png: expected opaque pixels, got a transparent one in row 0, column 0"},
		{"the first of two", map[string][]byte{"a/1.png": whole, "a/2.png": {}, "b/1.png": other}, "DIR/a/2.png: expected a PNG or JPEG image, got an empty file"},
	} {
		t.Run(test.what, func(t *testing.T) {
			dir := folder(t, test.files)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			train, _, err := Open(dir)
			runtime.ReadMemStats(&after)
			if spent := time.Since(start); spent > time.Second {
				t.Errorf("expected an answer within 1 s, got one after %v", spent)
			}
			if grown := after.TotalAlloc - before.TotalAlloc; grown > 64<<20 {
				t.Errorf("expected at most 64 MiB of memory, got %d bytes", grown)
			}
			if train != nil || err == nil {
				t.Fatalf("expected a refusal, got %v, %v", train, err)
			}
			if got := filepath.ToSlash(strings.ReplaceAll(err.Error(), dir, "DIR")); got != test.line {
				t.Errorf("expected\n\t%s\ngot\n\t%s", test.line, got)
			}
		})
	}
}

func TestIs(t *testing.T) {
	whole := asPNG(t, grey(1))
	for _, test := range []struct {
		files map[string][]byte
		want  bool
	}{
		{nil, false},
		{map[string][]byte{"1.png": whole}, false},
		{map[string][]byte{"a/notes.txt": whole}, false},
		{map[string][]byte{"train/": nil}, true},
		{map[string][]byte{"a/": nil, "b/1.JPG": nil}, true},
	} {
		if got := Is(folder(t, test.files)); got != test.want {
			t.Errorf("%v: expected %v, got %v", test.files, test.want, got)
		}
	}
	if Is(filepath.Join(t.TempDir(), "missing")) {
		t.Error("expected no images where there is no folder")
	}
}

func TestCheck(t *testing.T) {
	dir := folder(t, map[string][]byte{"1.png": asPNG(t, coloured(1, 2, 3, 255)), "2.png": {}})
	if size, err := Check(filepath.Join(dir, "1.png")); err != nil || size != "3x2x3" {
		t.Errorf("expected 3x2x3, got %q, %v", size, err)
	}
	if _, err := Check(filepath.Join(dir, "2.png")); err == nil {
		t.Error("expected a refusal of an empty file")
	}
}

// FuzzDecode holds the decoder to one line for what is no image, and to pixels of the size it reports for what is.
func FuzzDecode(f *testing.F) {
	for _, m := range []image.Image{grey(3), coloured(1, 2, 3, 255), coloured(1, 2, 3, 4), image.NewGray16(image.Rect(0, 0, 2, 2)),
		image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Gray{7}, color.RGBA{7, 8, 9, 255}}), image.NewCMYK(image.Rect(0, 0, 4, 4))} {
		f.Add(asPNG(f, m))
		f.Add(asJPEG(f, m))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := decode(bytes.NewReader(b))
		again, errAgain := decode(bytes.NewReader(b))
		if (err == nil) != (errAgain == nil) || err != nil && err.Error() != errAgain.Error() {
			t.Fatalf("expected the same answer twice, got %v and %v", err, errAgain)
		}
		if err != nil {
			if line := err.Error(); strings.ContainsAny(line, "\n\r") || !strings.HasPrefix(line, "expected ") || !strings.Contains(line, ", got ") {
				t.Fatalf("expected one line, got %q", line)
			}
			return
		}
		channels := 3
		if p.grey {
			channels = 1
		}
		if len(p.pixels) != channels*p.height*p.width || !bytes.Equal(p.pixels, again.pixels) {
			t.Fatalf("expected %d channels of %s, got %d bytes", channels, p.size(), len(p.pixels))
		}
		if want, _, err := image.Decode(bytes.NewReader(b)); err != nil || want.Bounds().Dx() != p.width {
			t.Fatalf("expected the library's size, got %s, %v", p.size(), err)
		}
	})
}

// A file that fails while it is read is reported as the system does.
func TestSourceThatFails(t *testing.T) {
	_, err := decode(broken{bytes.NewReader(asPNG(t, grey(1)))})
	if err == nil || !strings.Contains(err.Error(), "input/output error") {
		t.Errorf("expected the system's error, got %v", err)
	}
}

// broken gives eight bytes and fails.
type broken struct{ io.ReadSeeker }

func (b broken) Read(p []byte) (int, error) {
	if len(p) > 8 {
		return 0, &os.PathError{Op: "read", Path: "secret", Err: syscall.EIO}
	}
	return b.ReadSeeker.Read(p)
}
