package run

import (
	"fmt"

	"gradus/data"
	"gradus/data/source"
)

// Sets are the data of a run, read only.
type Sets struct {
	Train *data.Set
	Test  *data.Set
	// Validation is held out of Train; nil where the test set is used instead.
	Validation *data.Set
}

// OpenSets reads the data set with a name, or of a folder, as source.Open
// does with the usual root. The sets are ready to be trained on; data.Warnings
// may still have something to say.
func OpenSets(name string) (*Sets, error) { return openSets(name, "") }

// OpenSets reads the data set that the settings name.
func (c Config) OpenSets() (*Sets, error) { return openSets(c.Data, c.DataRoot) }

func openSets(name, root string) (*Sets, error) {
	train, test, err := source.Open(name, root)
	if err != nil {
		return nil, err
	}
	for _, set := range []*data.Set{train, test} {
		if err := set.Validate(); err != nil {
			return nil, err
		}
	}
	return &Sets{Train: train, Test: test}, nil
}

// HoldOut returns the sets with n of the training samples taken for validation,
// the last ones of a permutation given by the seed; 0 takes none.
func (s *Sets) HoldOut(n int, seed uint64) (*Sets, error) {
	if n == 0 {
		return s, nil
	}
	train, validation, err := s.Train.Split(n, seed)
	if err != nil {
		return nil, fmt.Errorf("validation: %w", err)
	}
	return &Sets{Train: train, Test: s.Test, Validation: validation}, nil
}

// Evaluated is the set that is looked at after every epoch.
func (s *Sets) Evaluated() *data.Set {
	if s.Validation != nil {
		return s.Validation
	}
	return s.Test
}
