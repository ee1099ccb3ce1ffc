package reproduce

import (
	"fmt"
	"math"
)

// Verdict says whether a figure agrees with PyTorch's, and what was accepted: a
// range in percent, or how likely a difference as large is by chance.
type Verdict struct {
	Word     Word   `json:"word"`
	Accepted string `json:"accepted"`
}

// Word is a verdict in a word.
type Word string

// The verdicts. Open is what the figures at hand cannot decide.
const (
	Agrees  Word = "agrees"
	Differs Word = "differs"
	Open    Word = "open"
)

// judge compares the mean over this run's seeds with the range of PyTorch's
// runs and its own width, or 0.2 points, on both sides. One seed outside of it
// decides nothing: single runs differ by more than their mean.
func judge(r Range, v *Values) Verdict {
	if v == nil || !r.known() || r.Runs == 1 {
		return Verdict{Open, "–"}
	}
	low, high := r.Tolerated()
	accepted := fmt.Sprintf("%.2f – %.2f", low, high)
	switch {
	case low <= v.Mean && v.Mean <= high:
		return Verdict{Agrees, accepted}
	case v.N == 1:
		return Verdict{Open, accepted}
	}
	return Verdict{Differs, accepted}
}

// unlikely is below which probability two counts are called different.
const unlikely = 0.05

// judgeStuck compares k of n stuck runs here with those of PyTorch by Fisher's
// exact test: whether the same chance of getting stuck could give both.
func judgeStuck(theirs, of, k, n int) Verdict {
	if of == 0 || n == 0 {
		return Verdict{Open, "–"}
	}
	p := fisher(theirs, of, k, n)
	word := Agrees
	if p < unlikely {
		word = Differs
	}
	return Verdict{word, fmt.Sprintf("p = %.2f", p)}
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
