package reproduce

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// conclude answers the study's questions by its figures.
func (r *StudyResults) conclude() []string {
	var list []string
	for _, k := range kinds()[:2] {
		list = append(list, r.whenItTrains(k))
	}
	list = append(list, r.whatHelps())
	for _, k := range kinds()[:2] {
		list = append(list, r.howWell(k)...)
	}
	for _, k := range kinds()[:2] {
		list = append(list, r.whereWeightsGo(k)...)
	}
	return list
}

// whenItTrains counts by initial alpha.
func (r *StudyResults) whenItTrains(k kind) string {
	var parts []string
	for _, alpha := range r.study.Alphas {
		trained, all := tally(r.cells(k, startsAt(alpha)))
		parts = append(parts, fmt.Sprintf("%d of %d from alpha %g", trained, all, alpha))
	}
	trained, all := tally(r.cells(k, nil))
	return fmt.Sprintf("With %s, %d of %d runs train: %s.", k.words(), trained, all, strings.Join(parts, ", "))
}

// whatHelps compares momenta and learning rates over all convex runs.
func (r *StudyResults) whatHelps() string {
	convex := slices.Concat(r.cells(kinds()[0], nil), r.cells(kinds()[1], nil))
	by := func(suits func(CaseResult) bool) string {
		var cells []CaseResult
		for _, c := range convex {
			if suits(c) {
				cells = append(cells, c)
			}
		}
		trained, all := tally(cells)
		return fmt.Sprintf("%d of %d", trained, all)
	}
	var momenta, rates []string
	for _, m := range r.study.Momenta {
		momenta = append(momenta, by(func(c CaseResult) bool { return c.Config.Momentum == m })+fmt.Sprintf(" with momentum %g", m))
	}
	for _, rate := range r.study.Rates {
		rates = append(rates, by(func(c CaseResult) bool { return c.rate() == rate })+fmt.Sprintf(" with a learning rate of %g", rate))
	}
	return fmt.Sprintf("Of all convex runs, %s train; %s.", strings.Join(momenta, " and "), strings.Join(rates, ", "))
}

// settingText is where a cell lies.
func (c CaseResult) settingText() string {
	text := fmt.Sprintf("learning rate %g, momentum %g", c.rate(), c.Config.Momentum)
	if c.Config.Alpha != nil {
		text = fmt.Sprintf("alpha %g, ", *c.Config.Alpha) + text
	}
	return text
}

// howWell names the best setting of a kind and compares it with the best of
// residual and gated blocks.
func (r *StudyResults) howWell(k kind) []string {
	cell, test := best(r.cells(k, nil))
	if test == nil {
		return []string{fmt.Sprintf("With %s no run trains, so there is nothing to compare.", k.words())}
	}
	text := fmt.Sprintf("The best setting with %s is %s: test error %s%%.", k.words(), cell.settingText(), test)
	for _, other := range kinds()[2:] {
		if c, v := best(r.cells(other, nil)); v != nil {
			text += fmt.Sprintf(" Beside the best %s network (%s: %s%%) %s.", other, c.settingText(), v, difference(test, v, ""))
		}
	}
	return []string{text}
}

// whereWeightsGo compares the weights at the end with those at the beginning,
// in the best setting of each alpha.
func (r *StudyResults) whereWeightsGo(k kind) []string {
	var parts []string
	var highest, lowest alphaEnd
	var halving, other []float64
	highest.weight, lowest.weight = math.Inf(-1), math.Inf(1)
	for _, alpha := range r.study.Alphas {
		cell, test := best(r.cells(k, startsAt(alpha)))
		if test == nil {
			continue
		}
		ends := cell.alphaEnds()
		var all []float64
		for _, e := range ends {
			all = append(all, e.weight)
			if e.halves {
				halving = append(halving, e.weight)
			} else {
				other = append(other, e.weight)
			}
			if e.weight > highest.weight {
				highest = e
			}
			if e.weight < lowest.weight {
				lowest = e
			}
		}
		parts = append(parts, fmt.Sprintf("%.2f to %.2f", weightOf(alpha), valuesOf(all).Mean))
	}
	if len(parts) == 0 {
		return nil
	}
	text := fmt.Sprintf("With %s, weights go, on average over all blocks and in the best setting of each start, from %s. The highest end, %.2f, is in block %s; the lowest, %.2f, in block %s.",
		k.words(), strings.Join(parts, ", from "), highest.weight, highest.block, lowest.weight, lowest.block)
	return []string{text + whichBlocks(valuesOf(halving), valuesOf(other))}
}

// whichBlocks compares the blocks that halve the image, whose shortcut has a
// convolution of its own, with the others.
func whichBlocks(halving, other *Values) string {
	if halving == nil || other == nil {
		return ""
	}
	word := "more"
	switch d := halving.Mean - other.Mean; {
	case math.Abs(d) < 0.02:
		word = "as much"
	case d < 0:
		word = "less"
	}
	as := "than"
	if word == "as much" {
		as = "as"
	}
	return fmt.Sprintf(" Blocks that halve the image give %s to the convolution %s the others: %.2f and %.2f on average.", word, as, halving.Mean, other.Mean)
}

// weightOf is the weight of the convolution that an alpha stands for.
func weightOf(alpha float64) float64 { return 1 / (1 + math.Exp(-alpha)) }

// alphaEnd is the mean weight a block ended with.
type alphaEnd struct {
	block  string
	halves bool
	weight float64
}

// alphaEnds are the weights of the runs that trained, by block.
func (c CaseResult) alphaEnds() []alphaEnd {
	runs := c.runs(Trained)
	var list []alphaEnd
	for i, a := range runs[0].Alphas {
		var weights []float64
		for _, r := range runs {
			weights = append(weights, r.Alphas[i].Weights...)
		}
		list = append(list, alphaEnd{a.Block, a.Halves, valuesOf(weights).Mean})
	}
	return list
}
