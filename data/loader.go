package data

import (
	"fmt"
	"iter"
)

// Loader hands out a set batch by batch, for those who write their own training loop.
type Loader struct {
	set   *Set
	batch int
	seed  uint64
}

// NewLoader returns a loader of batches of the given number of samples, shuffled by seed. It refuses a set that is not
// valid, and a batch below 1; a batch may be larger than the set.
func NewLoader(set *Set, batch int, seed uint64) (*Loader, error) {
	if err := set.Validate(); err != nil {
		return nil, err
	}
	if batch < 1 {
		return nil, fmt.Errorf("batch: expected at least 1, got %d", batch)
	}
	return &Loader{set, batch, seed}, nil
}

// Len returns the number of batches in an epoch, the last partial one included.
func (l *Loader) Len() int { return (l.set.Len()-1)/l.batch + 1 }

// Batches ranges over the batches of an epoch in the order given by [Order]: images, batch x channels x height x width
// bytes, and their labels. The last batch is smaller where the batch does not divide the set. Both slices are valid
// until the next batch; each range has its own.
func (l *Loader) Batches(epoch int) iter.Seq2[[]byte, []int32] {
	return func(yield func([]byte, []int32) bool) {
		order := make([]int32, l.set.Len())
		Order(order, l.seed, epoch)
		size := l.set.ImageSize()
		images := make([]byte, min(l.batch, len(order))*size)
		labels := make([]int32, min(l.batch, len(order)))
		for len(order) > 0 {
			n := min(l.batch, len(order))
			l.set.gather(images[:n*size], labels[:n], order[:n])
			if !yield(images[:n*size], labels[:n]) {
				return
			}
			order = order[n:]
		}
	}
}
