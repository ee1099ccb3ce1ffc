package picture_test

import (
	"context"
	"testing"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/data/picture"
	"gradus/device/cpu"
	"gradus/nn"
	"gradus/optim"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// A network reads digits from pictures nearly as well as from the data set, however
// they were drawn: large, dark on light, in a corner, on grey and noisy paper.
func TestDigitsAreRead(t *testing.T) {
	predictor, test := trained(t)
	const n = 200
	canvas := [3]int{1, 28, 28}
	raw := errorsOf(t, predictor, test, n, func(_ int, image []byte) []byte { return image })
	for _, tt := range []struct {
		name  string
		allow float64 // more errors than from the set itself, as a share
		draw  func(i int, image []byte) *picture.Picture
	}{
		{"as they are", 0.015, func(_ int, m []byte) *picture.Picture { return grey(28, 28, m) }},
		{"dark on light", 0.015, func(_ int, m []byte) *picture.Picture { return grey(28, 28, inverted(m)) }},
		{"large", 0.015, func(_ int, m []byte) *picture.Picture { return grey(280, 280, enlarged(m, 10)) }},
		{"large, dark, in a corner", 0.015, func(i int, m []byte) *picture.Picture {
			return grey(600, 500, inverted(placed(enlarged(m, 7), 196, 600, 500, i%400, i*7%300)))
		}},
		{"on noisy grey paper", 0.03, func(i int, m []byte) *picture.Picture {
			m = placed(enlarged(m, 8), 224, 300, 400, i%70, i%170)
			m[299*400-i], m[400*2+i] = 255, 255 // specks
			return grey(300, 400, photographed(m, 400, uint64(i)))
		}},
	} {
		got := errorsOf(t, predictor, test, n, func(i int, image []byte) []byte {
			sample, err := picture.Prepare(tt.draw(i, image), picture.Options{Shape: canvas, Style: picture.Digits})
			if err != nil {
				t.Fatal(err)
			}
			return sample
		})
		t.Logf("%s: error %.1f%%; of the set %.1f%%", tt.name, 100*got, 100*raw)
		if got > raw+tt.allow {
			t.Errorf("%s: expected an error of at most %.3f, got %.3f", tt.name, raw+tt.allow, got)
		}
	}
}

func grey(height, width int, pixels []byte) *picture.Picture {
	return &picture.Picture{Name: "drawn", Height: height, Width: width, Channels: 1, Pixels: pixels}
}

func inverted(pixels []byte) []byte {
	out := make([]byte, len(pixels))
	for i, v := range pixels {
		out[i] = 255 - v
	}
	return out
}

// enlarged repeats the pixels of an image of 28 x 28.
func enlarged(pixels []byte, times int) []byte {
	side := 28 * times
	out := make([]byte, side*side)
	for i := range out {
		out[i] = pixels[i/side/times*28+i%side/times]
	}
	return out
}

// placed puts a square on a black canvas.
func placed(pixels []byte, side, height, width, top, left int) []byte {
	out := make([]byte, height*width)
	for y := range side {
		copy(out[(top+y)*width+left:], pixels[y*side:(y+1)*side])
	}
	return out
}

// photographed is a drawing in ink on paper that is darker to the right, with noise.
func photographed(pixels []byte, width int, seed uint64) []byte {
	r := random.New(seed, "noise")
	out := make([]byte, len(pixels))
	for i, v := range pixels {
		paper := 205 - 12*float64(i%width)/float64(width)
		noise := float64(r.Uint64()>>56)/16 - 8
		out[i] = byte(paper - 0.6*float64(v) + noise)
	}
	return out
}

func errorsOf(t *testing.T, p *train.Predictor, test *data.Set, n int, sample func(i int, image []byte) []byte) float64 {
	t.Helper()
	var images []byte
	for i := range n {
		images = append(images, sample(i, test.Image(i))...)
	}
	classes, err := p.Classify(images)
	if err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for i, c := range classes {
		if c != int(test.Labels[i]) {
			wrong++
		}
	}
	return float64(wrong) / float64(n)
}

// trained is the first experiment's network after an epoch.
func trained(t *testing.T) (*train.Predictor, *data.Set) {
	t.Helper()
	set, err := mnist.Train()
	if err != nil {
		t.Fatal(err)
	}
	test, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	model := zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU)
	trainer, err := train.New(model, set, train.Options{Batch: 16, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range trainer.Epochs(context.Background(), optim.Stage{LearningRate: 0.07, Epochs: 1}) {
		if err != nil {
			t.Fatal(err)
		}
	}
	predictor, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{Device: cpu.New(cpu.Options{Threads: 1})})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { predictor.Close() })
	return predictor, test
}

// MNIST's images are themselves what is wanted: preparing them changes little.
func TestDigitsStay(t *testing.T) {
	test, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	near := 0
	const n = 1000
	for i := range n {
		got, err := picture.Prepare(grey(28, 28, test.Image(i)), picture.Options{Shape: [3]int{1, 28, 28}, Style: picture.Digits})
		if err != nil {
			t.Fatal(err)
		}
		worst := 0
		for k, v := range test.Image(i) {
			worst = max(worst, int(v)-int(got[k]), int(got[k])-int(v))
		}
		if worst <= 26 { // fainter ink becomes background
			near++
		}
	}
	if near < n*97/100 {
		t.Errorf("expected 97%% of images to stay within 26 of 255, got %d of %d", near, n)
	}
}
