package reproduce

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"image"
	"image/png"
	"math"
	"slices"

	"gradus/data"
	"gradus/device/cpu"
	"gradus/run"
	"gradus/train"
	"gradus/zoo"
)

// Inspection is a closer look at one network.
type Inspection struct {
	Experiment string    `json:"experiment"`
	Net        string    `json:"net"`
	Seed       uint64    `json:"seed"`
	TestError  float64   `json:"test_error"`
	Confusion  [][]int   `json:"confusion"` // [true][predicted], test images
	Mistakes   []Mistake `json:"mistakes"`  // the most confident ones first
	Wrong      int       `json:"wrong"`     // all of them
}

// Mistake is a test image the network is wrong about.
type Mistake struct {
	Index       int     `json:"index"` // in the test set
	True        int     `json:"true"`
	Predicted   int     `json:"predicted"`
	Probability float64 `json:"probability"` // that the network gives its answer
	TrueShare   float64 `json:"true_probability"`

	image []byte
	shape [3]int
}

// mostMistakes is how many are shown.
const mostMistakes = 18

// inspect looks at the best network of all and at the best gated one.
func (r *Results) inspect(ctx context.Context, sets *run.Sets) error {
	e, best := r.best(func(run.Config) bool { return true })
	if best == nil {
		return nil
	}
	var err error
	if r.Best, err = look(*best, sets.Test); err != nil {
		return err
	}
	r.Best.Experiment, r.Best.Net = e.ID, e.Cases[0].Config.Net
	e, gated := r.best(func(c run.Config) bool { return c.Net == zoo.GatedNet })
	if gated == nil {
		return nil
	}
	blocks, seen, err := probeGates(ctx, gated.model, sets.Test)
	if err != nil {
		return err
	}
	r.Gates = &Gates{Experiment: e.ID, Seed: gated.Seed, Images: seen, Blocks: blocks}
	return nil
}

// best is the trained run with the lowest test error, the first of equal ones;
// nil if there is none.
func (r *Results) best(suits func(run.Config) bool) (Result, *Run) {
	var of Result
	var best *Run
	for _, e := range r.Experiments {
		for i := range e.Cases {
			if !suits(e.Cases[i].Config) {
				continue
			}
			for j := range e.Cases[i].Runs {
				one := &e.Cases[i].Runs[j]
				if one.Outcome == Trained && (best == nil || testError(one.last()) < testError(best.last())) {
					of, best = e, one
				}
			}
		}
	}
	return of, best
}

// look applies a network to the test set.
func look(one Run, set *data.Set) (*Inspection, error) {
	p, err := train.NewPredictor(one.model, train.InputOf(set), train.PredictorOptions{Device: cpu.New(cpu.Options{})})
	if err != nil {
		return nil, err
	}
	defer p.Close()
	logits, err := p.Apply(set.Images)
	if err != nil {
		return nil, err
	}
	s := &Inspection{Seed: one.Seed, TestError: *one.last().TestError, Confusion: make([][]int, set.Classes)}
	for i := range s.Confusion {
		s.Confusion[i] = make([]int, set.Classes)
	}
	var mistakes []Mistake
	i := 0
	for row := range slices.Chunk(logits, p.Classes()) {
		share := softmax(row)
		predicted, label := slices.Index(row, slices.Max(row)), int(set.Labels[i])
		s.Confusion[label][predicted]++
		if predicted != label {
			mistakes = append(mistakes, Mistake{
				Index: i, True: label, Predicted: predicted, Probability: share[predicted], TrueShare: share[label],
				image: set.Image(i), shape: set.Shape,
			})
		}
		i++
	}
	slices.SortStableFunc(mistakes, func(a, b Mistake) int { return cmp.Compare(b.Probability, a.Probability) })
	s.Wrong = len(mistakes)
	s.Mistakes = mistakes[:min(len(mistakes), mostMistakes)]
	return s, nil
}

// softmax turns logits into probabilities.
func softmax(logits []float32) []float64 {
	most, sum := float64(slices.Max(logits)), 0.0
	shares := make([]float64, len(logits))
	for i, v := range logits {
		shares[i] = math.Exp(float64(v) - most)
		sum += shares[i]
	}
	for i := range shares {
		shares[i] /= sum
	}
	return shares
}

// picture is the image, the first channel of it, dark on light.
func (m Mistake) picture() image.Image {
	h, w := m.shape[1], m.shape[2]
	picture := image.NewGray(image.Rect(0, 0, w, h))
	for i := range picture.Pix {
		picture.Pix[i] = 255 - m.image[i]
	}
	return picture
}

// URI is the image as part of a page.
func (m Mistake) URI() (string, error) {
	var b bytes.Buffer
	if err := png.Encode(&b, m.picture()); err != nil {
		return "", err
	}
	return "data:image/png;base64," + base64.StdEncoding.EncodeToString(b.Bytes()), nil
}
