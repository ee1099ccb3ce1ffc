package predict

import (
	"fmt"

	"gradus/data"
	"gradus/train"
)

// Sheet is how a network does on a set.
type Sheet struct {
	Images, Wrong int
	Loss          float64 // the mean
	// Confusion counts images: [i][j] are those of class i that were taken for j.
	Confusion [][]int
}

// Error is the share of wrong answers.
func (s *Sheet) Error() float64 { return float64(s.Wrong) / float64(s.Images) }

// Class is how many images a class has, and how many of them were taken for
// others.
func (s *Sheet) Class(class int) (images, wrong int) {
	for answer, n := range s.Confusion[class] {
		images += n
		if answer != class {
			wrong += n
		}
	}
	return images, wrong
}

// TakenFor is the class that images of a class are most often taken for by mistake,
// the first of equal ones, and how many are; none is 0 of any.
func (s *Sheet) TakenFor(class int) (other, images int) {
	for answer, n := range s.Confusion[class] {
		if answer != class && n > images {
			other, images = answer, n
		}
	}
	return other, images
}

// Evaluate applies a network to a set. The error is that of training's own
// evaluation; the loss is added up in float64 in the order of the samples. Sets
// without samples, and with other classes than the network, are refused.
func Evaluate(p *train.Predictor, set *data.Set) (*Sheet, error) {
	if err := set.Validate(); err != nil {
		return nil, err
	}
	if p.Classes() != set.Classes {
		return nil, fmt.Errorf("%s: expected %d classes, which the network has, got %d", set.Name, p.Classes(), set.Classes)
	}
	logits, err := p.Apply(set.Images)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", set.Name, err)
	}
	s := &Sheet{Images: set.Len(), Confusion: make([][]int, set.Classes)}
	for i := range s.Confusion {
		s.Confusion[i] = make([]int, set.Classes)
	}
	for i, label := range set.Labels {
		row := logits[i*set.Classes : (i+1)*set.Classes]
		answer := Top(row, 1)[0].Class
		s.Confusion[label][answer]++
		if answer != int(label) {
			s.Wrong++
		}
		s.Loss += Loss(row, int(label))
	}
	s.Loss /= float64(s.Images)
	return s, nil
}
