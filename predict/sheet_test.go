package predict_test

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"gradus/data"
	"gradus/data/mnist"
	"gradus/nn"
	"gradus/predict"
	"gradus/random"
	"gradus/train"
	"gradus/zoo"
)

// An evaluation has the error of training's own, whose loss differs by the rounding
// of float32 alone, and a table whose rows and diagonal add up to it.
func TestEvaluate(t *testing.T) {
	set, err := mnist.Test()
	if err != nil {
		t.Fatal(err)
	}
	set = set.Slice(0, 1500)
	model := zoo.Plain(random.New(3, "init"), 1, 3, nn.ReLU)
	trainer, err := train.New(model, set, train.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, err := trainer.Evaluate(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := predict.Evaluate(newPredictor(t, model, set), set)
	if err != nil {
		t.Fatal(err)
	}
	if sheet.Error() != want.Error || math.Abs(sheet.Loss-want.Loss) > 1e-6 || sheet.Images != set.Len() {
		t.Errorf("expected %+v of %d images, got %+v", want, set.Len(), sheet)
	}
	images, wrong := 0, 0
	for c, count := range set.Histogram() {
		n, w := sheet.Class(c)
		if n != count {
			t.Errorf("class %d: expected %d images, got %d", c, count, n)
		}
		images, wrong = images+n, wrong+w
	}
	if images != sheet.Images || wrong != sheet.Wrong {
		t.Errorf("expected %d images and %d wrong, got %d and %d", sheet.Images, sheet.Wrong, images, wrong)
	}
}

func TestTakenFor(t *testing.T) {
	s := &predict.Sheet{Confusion: [][]int{{5, 2, 2}, {0, 3, 0}, {1, 0, 9}}}
	var got []string
	for c := range 3 {
		other, n := s.TakenFor(c)
		got = append(got, fmt.Sprint(other, n))
	}
	if text := strings.Join(got, ", "); text != "1 2, 0 0, 0 1" {
		t.Errorf("expected 1 2, 0 0, 0 1, got %s", text)
	}
}

// A14 and A16: other data than the network's, and none.
func TestEvaluateRefuses(t *testing.T) {
	set := &data.Set{Name: "s", Images: make([]byte, 784), Shape: [3]int{1, 28, 28}, Labels: []int32{0}, Classes: 10, Mean: data.MNISTMean, Std: data.MNISTStd}
	p := newPredictor(t, zoo.Plain(random.New(1, "init"), 1, 3, nn.ReLU), set)
	for name, tt := range map[string]struct {
		change func(*data.Set)
		want   string
	}{
		"A14":     {func(s *data.Set) { s.Shape, s.Images = [3]int{1, 28, 27}, s.Images[:756] }, "s: images: expected a multiple of 784 bytes, got 756"},
		"A16":     {func(s *data.Set) { s.Images, s.Labels = nil, nil }, "s: expected at least 1 example, got 0"},
		"classes": {func(s *data.Set) { s.Classes = 11 }, "s: expected 10 classes, which the network has, got 11"},
	} {
		other := *set
		tt.change(&other)
		if _, err := predict.Evaluate(p, &other); err == nil || err.Error() != tt.want {
			t.Errorf("%s: expected %s, got %v", name, tt.want, err)
		}
	}
}

func newPredictor(t *testing.T, model nn.Module, set *data.Set) *train.Predictor {
	t.Helper()
	p, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}
