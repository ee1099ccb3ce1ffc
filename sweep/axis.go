package sweep

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gradus/run"
)

// Axis is a setting with the values it takes, in the order they were given.
type Axis struct {
	Name   string
	Values []string // as flags have them, numbers in their shortest form
	Merged []string // values that were given again
}

// Names lists the settings that can be axes, in the order in which a grid has
// them: the last one varies fastest.
func Names() []string {
	var names []string
	for _, s := range settings() {
		names = append(names, s.name)
	}
	return names
}

// setting is what can be an axis.
type setting struct {
	name   string
	form   form
	sample string // of values, for errors
	set    func(c *run.Config, value string) error
}

// form is what the values of an axis are.
type form int

const (
	word form = iota
	whole
	decimal
)

const (
	seed  = "seed"
	rate  = "lr"
	alpha = "alpha"
)

func settings() []setting {
	return []setting{
		{"net", word, "plain,residual", func(c *run.Config, v string) error { c.Net = v; return nil }},
		{"depth", whole, "1,3 or 1..4", setWhole(func(c *run.Config) *int { return &c.Depth })},
		{"kernel", whole, "3,5", setWhole(func(c *run.Config) *int { return &c.Kernel })},
		{alpha, decimal, "-4,-2,0 or -4:2:lin4", setDecimal(func(c *run.Config, v float64) error { c.Alpha = &v; return nil })},
		{"batch", whole, "16,64 or 16:256:log5", setWhole(func(c *run.Config) *int { return &c.Batch })},
		{"momentum", decimal, "0,0.75 or 0:0.9:lin4", setDecimal(func(c *run.Config, v float64) error { c.Momentum = v; return nil })},
		{rate, decimal, "0.01,0.03 or 0.001:0.1:log5", setDecimal(setRate)},
		{seed, whole, "1,2 or 1..5", func(c *run.Config, v string) (err error) {
			c.Seed, err = strconv.ParseUint(v, 10, 64)
			return err
		}},
	}
}

func setWhole(field func(*run.Config) *int) func(*run.Config, string) error {
	return func(c *run.Config, v string) (err error) {
		*field(c), err = strconv.Atoi(v)
		return err
	}
}

func setDecimal(set func(*run.Config, float64) error) func(*run.Config, string) error {
	return func(c *run.Config, v string) error {
		x, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return err
		}
		return set(c, x)
	}
}

// setRate refuses a learning rate of 0, which train allows: a network that does
// not learn is no candidate.
func setRate(c *run.Config, v float64) error {
	if !(v > 0 && v <= maxRate) {
		return fmt.Errorf("lr: expected 0 < lr <= 3.4e38, got %v", v)
	}
	c.LearningRate = &v
	return nil
}

const maxRate = 3.4e38 // optim.Stage's

func find(name string) (setting, bool) {
	for _, s := range settings() {
		if s.name == name {
			return s, true
		}
	}
	return setting{}, false
}

// maxValues is more than a grid may have points.
const maxValues = MaxTrainings

// ParseAxis reads the values of a setting: a list such as 0.01,0.03 of values
// and ranges. 0.001:0.1:log5 is five values from 0.001 to 0.1 at equal ratios,
// 0.1:0.5:lin5 at equal distances; where a setting is a whole number, 1..5 is
// every one from 1 to 5. What a range has between its ends is rounded, to four
// significant digits or to whole numbers, so that a table shows what was used.
func ParseAxis(name, text string) (Axis, error) {
	a := Axis{Name: name}
	s, ok := find(name)
	if !ok {
		return a, fmt.Errorf("axis: expected one of %s, got %.40q", strings.Join(Names(), ", "), name)
	}
	for part := range strings.SplitSeq(text, ",") {
		values, err := s.parse(strings.TrimSpace(part))
		if err != nil {
			return a, fmt.Errorf("%s: %w", name, err)
		}
		for _, v := range values {
			if err := s.set(&run.Config{}, v); err != nil {
				return a, err
			}
			if slices.Contains(a.Values, v) {
				a.Merged = append(a.Merged, v)
				continue
			}
			a.Values = append(a.Values, v)
		}
		if len(a.Values)+len(a.Merged) > maxValues {
			return a, fmt.Errorf("%s: expected at most %d values, got more", name, maxValues)
		}
	}
	return a, nil
}

// parse reads one part of a list: a value, or a range.
func (s setting) parse(part string) ([]string, error) {
	if part == "" {
		return nil, fmt.Errorf("expected values such as %s, got nothing", s.sample)
	}
	if s.form == word {
		return []string{part}, nil
	}
	if low, high, ok := strings.Cut(part, ".."); ok && s.form == whole {
		return s.every(part, low, high)
	}
	if strings.Contains(part, ":") {
		return s.spread(part)
	}
	v, err := s.number(part)
	return []string{v}, err
}

// number reads a value and writes it in its shortest form.
func (s setting) number(text string) (string, error) {
	if s.form == whole {
		if s.name == seed {
			n, err := strconv.ParseUint(text, 10, 64)
			if err != nil {
				return "", fmt.Errorf("expected a whole number of at least 0, got %.40q", text)
			}
			return strconv.FormatUint(n, 10), nil
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return "", fmt.Errorf("expected a whole number, got %.40q", text)
		}
		return strconv.Itoa(n), nil
	}
	x, err := decimalNumber(text)
	if err != nil {
		return "", fmt.Errorf("expected a number, got %.40q", text)
	}
	return formatDecimal(x), nil
}

// every is the whole numbers of LOW..HIGH.
func (s setting) every(part, low, high string) ([]string, error) {
	from, err1 := strconv.ParseUint(low, 10, 64)
	to, err2 := strconv.ParseUint(high, 10, 64)
	if errors.Join(err1, err2) != nil || from > to {
		return nil, fmt.Errorf("expected LOW..HIGH with whole numbers, the smaller one first, got %.40q", part)
	}
	if to-from >= maxValues {
		return nil, fmt.Errorf("expected at most %d values, got %.40q", maxValues, part)
	}
	var values []string
	for i := range to - from + 1 {
		values = append(values, strconv.FormatUint(from+i, 10))
	}
	return values, nil
}

// spread is the values of LOW:HIGH:linN or LOW:HIGH:logN.
func (s setting) spread(part string) ([]string, error) {
	refuse := func(why string) ([]string, error) {
		return nil, fmt.Errorf("expected LOW:HIGH:logN or LOW:HIGH:linN%s, got %.40q; for instance %s", why, part, s.sample)
	}
	ends := strings.Split(part, ":")
	if len(ends) != 3 || len(ends[2]) < 4 {
		return refuse("")
	}
	low, err1 := decimalNumber(ends[0])
	high, err2 := decimalNumber(ends[1])
	n, err3 := strconv.Atoi(ends[2][3:])
	scale := ends[2][:3]
	if errors.Join(err1, err2, err3) != nil || scale != "log" && scale != "lin" {
		return refuse("")
	}
	switch {
	case !(low < high) || math.IsInf(high-low, 0):
		return refuse(" with LOW < HIGH")
	case scale == "log" && low <= 0:
		return refuse(" with LOW above 0 for logN")
	case n < 2 || n > maxValues:
		return refuse(fmt.Sprintf(" with N from 2 to %d", maxValues))
	}
	values := make([]string, n)
	for i := range values {
		t := float64(i) / float64(n-1)
		x := low + t*(high-low)
		if scale == "log" {
			x = low * math.Pow(high/low, t)
		}
		switch {
		case s.form == whole:
			values[i] = strconv.FormatFloat(math.Round(x), 'f', 0, 64)
		case i == 0:
			values[i] = formatDecimal(low)
		case i == n-1:
			values[i] = formatDecimal(high)
		default:
			values[i] = formatDecimal(round(x))
		}
	}
	return values, nil
}

// round keeps four significant digits.
func round(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 4, 64), 64)
	if err != nil {
		return x // of a range between finite ends: never
	}
	return y
}

// decimalNumber reads a number. ParseFloat also reads hexadecimal numbers and
// underscores, which are typing errors here.
func decimalNumber(text string) (float64, error) {
	if strings.ContainsAny(text, "_xXpP") {
		return 0, errors.New("not decimal")
	}
	return strconv.ParseFloat(text, 64)
}

func formatDecimal(x float64) string { return strconv.FormatFloat(x, 'g', -1, 64) }
