package plot

import (
	"math"
	"strconv"

	gonum "gonum.org/v1/plot"
)

// ticks chooses round values for an axis, six or so.
type ticks struct{ log, percent bool }

const mostTicks = 6

// Ticks implements gonum's Ticker.
func (t ticks) Ticks(low, high float64) []gonum.Tick {
	values := linearTicks(low, high)
	if t.log {
		values = logTicks(low, high)
	}
	var list []gonum.Tick
	for _, v := range values {
		list = append(list, gonum.Tick{Value: v, Label: t.label(v)})
	}
	return list
}

func (t ticks) label(v float64) string {
	if t.percent {
		return short(100*v) + "%"
	}
	return short(v)
}

// short is a number without the digits that come from rounding.
func short(v float64) string {
	v, err := strconv.ParseFloat(strconv.FormatFloat(v, 'g', 10, 64), 64)
	if err != nil {
		return "?" // cannot be: the text is a number
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e6) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

// linearTicks are multiples of 1, 2 or 5 times a power of ten.
func linearTicks(low, high float64) []float64 {
	step := math.Pow(10, math.Floor(math.Log10((high-low)/mostTicks)))
	for _, f := range []float64{1, 2, 5, 10} {
		if (high-low)/(f*step) <= mostTicks {
			step *= f
			break
		}
	}
	var list []float64
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		list = append(list, i*step+0) // no -0
	}
	return list
}

// logTicks are powers of ten, and 2 and 5 times such where there is room.
func logTicks(low, high float64) []float64 {
	for _, factors := range [][]float64{{1, 2, 5}, {1, 3}, {1}} {
		var list []float64
		for e := math.Floor(math.Log10(low)); e <= math.Ceil(math.Log10(high)); e++ {
			for _, f := range factors {
				if v := f * math.Pow(10, e); v >= low*(1-1e-9) && v <= high*(1+1e-9) {
					list = append(list, v)
				}
			}
		}
		if len(list) <= mostTicks+2 || len(factors) == 1 {
			return list
		}
	}
	return nil
}
