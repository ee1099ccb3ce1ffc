// Package spell finds what a misspelt word was meant to be.
package spell

import "strings"

// Nearest returns the candidate that is closest to the word, the first of
// equals. It reports false when none is close: when more than a third of the
// letters differ, and neither word begins with the other.
func Nearest(word string, candidates []string) (string, bool) {
	best, least := "", len(word)+1
	for _, c := range candidates {
		d := distance(strings.ToLower(word), strings.ToLower(c))
		if d > max(1, max(len(word), len(c))/3) && !related(word, c) {
			continue
		}
		if d < least {
			best, least = c, d
		}
	}
	return best, best != ""
}

// related reports whether one of two words begins with the other, for instance
// batch and batch-size. Shorter beginnings say nothing.
func related(a, b string) bool {
	const beginning = 4
	return min(len(a), len(b)) >= beginning && (strings.HasPrefix(a, b) || strings.HasPrefix(b, a))
}

// distance is the number of letters to insert, delete, replace or swap with
// their neighbour to get from a to b: the optimal string alignment distance.
//
// Source: https://en.wikipedia.org/wiki/Damerau-Levenshtein_distance
func distance(a, b string) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, last, row = last, row, before
		row[0] = i
		for j := 1; j <= len(b); j++ {
			replace := last[j-1]
			if a[i-1] != b[j-1] {
				replace++
			}
			row[j] = min(replace, last[j]+1, row[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return row[len(b)]
}
