package reproduce

import (
	"fmt"
	"strconv"
	"strings"
)

// Reference is what others found for a case, in percent. Of runs that stayed
// at chance only the number is kept, unless all of them did.
type Reference struct {
	FirstTrain, FirstTest, LastTrain, LastTest Figures
	// Stuck of Of runs of PyTorch stayed at chance; an Of of 0 says that their
	// number is not known.
	Stuck, Of int
	Always    bool // every run stayed at chance, and the figures are those of chance
}

// Figures are one error, in percent.
type Figures struct {
	Notebook []float64 // what it printed, once or more often
	PyTorch  Range
}

// Range is what seeded runs found. A Median of 0 is not known, Runs of 0 is an
// unknown number of them; all 0 means that there is no range.
type Range struct {
	Runs   int     `json:"runs,omitempty"`
	Min    float64 `json:"min"`
	Median float64 `json:"median,omitempty"`
	Max    float64 `json:"max"`
}

func pytorch(runs int, low, median, high float64) Figures {
	return Figures{PyTorch: Range{runs, low, median, high}}
}

func (f Figures) notebook(errors ...float64) Figures {
	f.Notebook = errors
	return f
}

// last is a reference for the last epoch alone.
func last(runs int, trainLow, trainHigh, testLow, testHigh float64) Reference {
	return Reference{
		LastTrain: pytorch(runs, trainLow, 0, trainHigh), LastTest: pytorch(runs, testLow, 0, testHigh), Of: runs,
	}
}

func (r Range) known() bool { return r != Range{} }

// atLeast is the least tolerance around a range, in percentage points: the same
// settings differ by as much from seed to seed.
const atLeast = 0.2

// Tolerated is the range and its own width, or 0.2 points, on both sides.
func (r Range) Tolerated() (low, high float64) {
	w := max(r.Max-r.Min, atLeast)
	return max(0, r.Min-w), min(100, r.Max+w)
}

// String is what a table says: 1.13 – 1.27 – 1.39 (10).
func (r Range) String() string {
	if !r.known() {
		return "–"
	}
	values := []float64{r.Min}
	if r.Max > r.Min {
		if r.Median > 0 {
			values = append(values, r.Median)
		}
		values = append(values, r.Max)
	}
	text := together(values, " – ")
	if r.Runs > 0 {
		text += fmt.Sprintf(" (%d)", r.Runs)
	}
	return text
}

// chance is the training error, in percent, of always answering the most
// frequent digit of MNIST, a 1.
const chance = 100 * (1 - 6742./60000)

// atChance counts errors that are not a percentage point better than chance.
func atChance(errors []float64) (n int) {
	for _, v := range errors {
		if v >= chance-1 {
			n++
		}
	}
	return n
}

// together writes figures as precisely as they are known, with a decimal at
// least, and all with the same number of them.
func together(values []float64, between string) string {
	decimals := 1
	for _, v := range values {
		_, after, _ := strings.Cut(strconv.FormatFloat(v, 'f', -1, 64), ".")
		decimals = max(decimals, len(after))
	}
	var list []string
	for _, v := range values {
		list = append(list, strconv.FormatFloat(v, 'f', decimals, 64))
	}
	return strings.Join(list, between)
}
