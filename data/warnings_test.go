package data

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWarnings(t *testing.T) {
	named := func(s *Set, name string) *Set { s.Name = name; return s }
	train, test := named(numbered(9, 3), "train"), named(numbered(6, 3), "test")
	equal := named(numbered(4, 3), "equal")
	clear(equal.Labels)
	empty := named(numbered(0, 3), "empty")
	for _, c := range []struct {
		id          string
		train, test *Set
		want        []string
	}{
		{"fine", train, test, nil},
		{"A26 a class is missing", train, test.Slice(0, 2), []string{
			"test: expected examples of all 3 classes, got none of 1 of them; labels by class: 1 1 0"}},
		{"A26 all labels equal", equal, test.Slice(0, 3), []string{
			"equal: expected examples of all 3 classes, got none of 2 of them; labels by class: 4 0 0"}},
		{"A27 the same set twice", train, named(numbered(9, 3), "copy"), []string{
			"copy: test set is byte-identical to train set train"}},
		{"mixed up", test, train, []string{
			"train: expected at most the 6 examples of test, got 9; train and test mixed up?"}},
		{"A16 nothing", empty, empty, nil},
	} {
		t.Run(c.id, func(t *testing.T) {
			if diff := cmp.Diff(c.want, Warnings(c.train, c.test)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
