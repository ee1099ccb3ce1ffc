package data

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
)

// Warnings returns what is legal and still looks wrong, a line each, naming the set: classes without samples, with the
// histogram of the labels; a test set that is the training set, or larger than it. Nothing may follow from them but that
// a person reads them.
func Warnings(train, test *Set) []string {
	var lines []string
	for _, s := range []*Set{train, test} {
		if line := missingClasses(s); line != "" {
			lines = append(lines, line)
		}
	}
	switch {
	case train.Len() > 0 && bytes.Equal(train.Images, test.Images) && slices.Equal(train.Labels, test.Labels):
		lines = append(lines, fmt.Sprintf("%s: test set is byte-identical to train set %s", test.Name, train.Name))
	case test.Len() > train.Len():
		lines = append(lines, fmt.Sprintf("%s: expected at most the %d examples of %s, got %d; train and test mixed up?",
			test.Name, train.Len(), train.Name, test.Len()))
	}
	return lines
}

func missingClasses(s *Set) string {
	if s.Len() == 0 {
		return ""
	}
	counts := s.Histogram()
	missing := 0
	for _, n := range counts {
		if n == 0 {
			missing++
		}
	}
	if missing == 0 {
		return ""
	}
	return fmt.Sprintf("%s: expected examples of all %d classes, got none of %d of them; labels by class: %s",
		s.Name, s.Classes, missing, strings.Trim(fmt.Sprint(counts), "[]"))
}

// Histogram returns the number of samples of each class. Labels must be valid.
func (s *Set) Histogram() []int {
	counts := make([]int, s.Classes)
	for _, l := range s.Labels {
		counts[l]++
	}
	return counts
}
