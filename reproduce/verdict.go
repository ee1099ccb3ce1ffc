package reproduce

import (
	"fmt"
	"math"
)

// Verdict says whether a figure agrees with PyTorch's, and what was accepted: a
// band in percent, or how likely a difference as large is by chance.
type Verdict struct {
	Word Word     `json:"word"`
	Band *Band    `json:"accepted,omitempty"`
	P    *float64 `json:"p,omitempty"`         // of Fisher's exact test
	All  bool     `json:"all_stuck,omitempty"` // accepted is that every run stays at chance
}

// Band is what is accepted, in percent.
type Band struct {
	Low  float64 `json:"low"`
	High float64 `json:"high"`
}

// Accepted is what a table says was accepted.
func (v Verdict) Accepted() string {
	switch {
	case v.Band != nil:
		return fmt.Sprintf("%.2f – %.2f", v.Band.Low, v.Band.High)
	case v.P != nil:
		return fmt.Sprintf("p = %.2f", *v.P)
	case v.All:
		return "all"
	}
	return "–"
}

// Word is a verdict in a word.
type Word string

// The verdicts. Open is what the figures at hand cannot decide.
const (
	Agrees  Word = "agrees"
	Differs Word = "differs"
	Open    Word = "open"
)

// vague is the width of a band, in percentage points, that hardly any run is
// outside of: falling into it says nothing.
const vague = 50

// judge compares the mean over this run's seeds with the range of PyTorch's
// runs and its own width, or 0.2 points, on both sides. One seed outside of it
// decides nothing: single runs differ by more than their mean. Nor does a range
// that accepts nearly everything.
func judge(r Range, v *Values) Verdict {
	if v == nil || !r.known() || r.Runs == 1 {
		return Verdict{Word: Open}
	}
	low, high := r.Tolerated()
	verdict := Verdict{Word: Differs, Band: &Band{low, high}}
	switch within := low <= v.Mean && v.Mean <= high; {
	case within && high-low >= vague:
		verdict.Word = Open
	case within:
		verdict.Word = Agrees
	case v.N == 1:
		verdict.Word = Open
	}
	return verdict
}

// unlikely is below which probability two counts are called different.
const unlikely = 0.05

// judgeCounts compares how many runs got stuck, or failed, here with those of
// PyTorch by Fisher's exact test: whether the same chance could give both.
func judgeCounts(theirs, here Count) Verdict {
	if theirs.Of == 0 || here.Of == 0 {
		return Verdict{Word: Open}
	}
	p := fisher(theirs.Runs, theirs.Of, here.Runs, here.Of)
	word := Agrees
	if p < unlikely {
		word = Differs
	}
	return Verdict{Word: word, P: &p}
}

// fisher is the two-sided p-value of Fisher's exact test for a of b against c
// of d: the probability of all splits of a+c that are no more likely than this one.
func fisher(a, b, c, d int) float64 {
	logChoose := func(n, k int) float64 {
		x, _ := math.Lgamma(float64(n + 1))
		y, _ := math.Lgamma(float64(k + 1))
		z, _ := math.Lgamma(float64(n - k + 1))
		return x - y - z
	}
	split := func(i int) float64 {
		return math.Exp(logChoose(b, i) + logChoose(d, a+c-i) - logChoose(b+d, a+c))
	}
	here, p := split(a), 0.0
	for i := max(0, a+c-d); i <= min(b, a+c); i++ {
		if q := split(i); q <= here*(1+1e-9) {
			p += q
		}
	}
	return min(1, p)
}
