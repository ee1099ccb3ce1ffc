package train_test

import (
	"slices"
	"strings"
	"sync"
	"testing"

	"gradus/optim"
	"gradus/train"
)

// The share of images whose largest logit is not the label is the error that
// evaluation finds.
func TestPredictorIsEvaluation(t *testing.T) {
	set, test := digits(t, 512), digits(t, 900).Slice(512, 900)
	model := network(1)
	trainer := newTrainer(t, model, set, train.Options{Test: test})
	epochs := run(t, trainer, optim.Stage{LearningRate: 0.07, Epochs: 3})

	predictor, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer predictor.Close()
	logits, err := predictor.Apply(test.Images)
	if err != nil {
		t.Fatal(err)
	}
	if len(logits) != 10*test.Len() {
		t.Fatalf("expected %d logits, got %d", 10*test.Len(), len(logits))
	}
	wrong := 0
	for i, label := range test.Labels {
		row := logits[10*i : 10*i+10]
		if slices.Index(row, slices.Max(row)) != int(label) {
			wrong++
		}
	}
	if got, want := float64(wrong)/float64(test.Len()), epochs[2].Test.Error; got != want {
		t.Errorf("expected the error of the last epoch, %v, got %v", want, got)
	}

	// An image's logits do not depend on the images beside it.
	alone, err := predictor.Apply(test.Image(200))
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(alone, logits[2000:2010]) {
		t.Errorf("expected the logits %v, got %v", logits[2000:2010], alone)
	}
}

func TestPredictorRefresh(t *testing.T) {
	set := digits(t, 64)
	model := network(1)
	predictor, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer predictor.Close()
	apply := func() []float32 {
		logits, err := predictor.Apply(set.Image(0))
		if err != nil {
			t.Fatal(err)
		}
		return logits
	}
	before := apply()
	run(t, newTrainer(t, model, set, train.Options{}), optim.Stage{LearningRate: 0.07, Epochs: 1})
	if stale := apply(); !slices.Equal(stale, before) {
		t.Errorf("expected the logits of the weights it was made with, %v, got %v", before, stale)
	}
	if err := predictor.Refresh(); err != nil {
		t.Fatal(err)
	}
	if now := apply(); slices.Equal(now, before) {
		t.Errorf("expected other logits after training, got %v", now)
	}
}

func TestL02L05PredictorRefuses(t *testing.T) {
	set := digits(t, 1)
	predictor, err := train.NewPredictor(network(1), train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := predictor.Apply(make([]byte, 785)); err == nil || err.Error() != "images: expected a multiple of 784 bytes, got 785" {
		t.Errorf("expected a refusal of 785 bytes, got %v", err)
	}
	if logits, err := predictor.Apply(nil); err != nil || len(logits) != 0 {
		t.Errorf("expected no logits for no images, got %v, %v", logits, err)
	}
	if err := predictor.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := predictor.Apply(set.Images); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("expected a refusal after Close, got %v", err)
	}
	if err := predictor.Refresh(); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("expected a refusal after Close, got %v", err)
	}
	if err := predictor.Close(); err != nil {
		t.Errorf("expected a second Close to do nothing, got %v", err)
	}
}

func TestClassifyTakesTheFirstLargestLogit(t *testing.T) {
	set := digits(t, 40)
	model := network(1)
	predictor, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer predictor.Close()
	logits, err := predictor.Apply(set.Images)
	if err != nil {
		t.Fatal(err)
	}
	classes, err := predictor.Classify(set.Images)
	if err != nil {
		t.Fatal(err)
	}
	if predictor.Classes() != 10 || len(classes) != set.Len() {
		t.Fatalf("%d classes for %d images, %d logits each", len(classes), set.Len(), predictor.Classes())
	}
	for i, c := range classes {
		row := logits[i*10 : (i+1)*10]
		for j, v := range row {
			if v > row[c] || v == row[c] && j < c {
				t.Errorf("image %d: class %d, but %d has logit %v", i, c, j, v)
			}
		}
	}
}

// Two goroutines use one predictor, and two others predictors of the same model,
// which is trained meanwhile: all see the weights they began with.
func TestL10ConcurrentUse(t *testing.T) {
	set := digits(t, 700)
	model := network(1)
	shared, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer shared.Close()
	want, err := shared.Apply(set.Images)
	if err != nil {
		t.Fatal(err)
	}
	predictors := []*train.Predictor{shared, shared}
	for range 2 {
		own, err := train.NewPredictor(model, train.InputOf(set), train.PredictorOptions{})
		if err != nil {
			t.Fatal(err)
		}
		defer own.Close()
		predictors = append(predictors, own)
	}
	var users sync.WaitGroup
	for i, p := range predictors {
		users.Go(func() {
			for range 3 {
				if got, err := p.Apply(set.Images); err != nil || !slices.Equal(got, want) {
					t.Errorf("user %d: expected the logits of one user alone, got others, error %v", i, err)
				}
			}
		})
	}
	run(t, newTrainer(t, model, set, train.Options{}), optim.Stage{LearningRate: 0.07, Epochs: 2})
	users.Wait()
}

// Results are the caller's: another call does not change them, and neither changes the
// images.
func TestL03ResultsAreTheCallers(t *testing.T) {
	set := digits(t, 40)
	predictor, err := train.NewPredictor(network(1), train.InputOf(set), train.PredictorOptions{})
	if err != nil {
		t.Fatal(err)
	}
	defer predictor.Close()
	images := slices.Clone(set.Images)
	first, err := predictor.Apply(images[:20*784])
	if err != nil {
		t.Fatal(err)
	}
	kept := slices.Clone(first)
	if _, err := predictor.Apply(images[10*784:]); err != nil { // overlapping slices
		t.Fatal(err)
	}
	if !slices.Equal(first, kept) || !slices.Equal(images, set.Images) {
		t.Error("expected results and images to stay what they were")
	}
}
