package plot

import (
	"strings"
	"testing"
)

func TestTicks(t *testing.T) {
	for _, test := range []struct {
		ticks     ticks
		low, high float64
		want      string
	}{
		{ticks{}, 1, 5, "1 2 3 4 5"},
		{ticks{}, 1, 13, "2 4 6 8 10 12"},
		{ticks{}, 0, 0.07, "0 0.02 0.04 0.06"},
		{ticks{}, -0.5, 0.5, "-0.4 -0.2 0 0.2 0.4"},
		{ticks{}, -0.01, 1, "0 0.2 0.4 0.6 0.8 1"},
		{ticks{percent: true}, 0, 0.0913, "0% 2% 4% 6% 8%"},
		{ticks{percent: true}, 0.003, 0.0071, "0.3% 0.4% 0.5% 0.6% 0.7%"},
		{ticks{log: true}, 1e-5, 1, "1e-05 0.0001 0.001 0.01 0.1 1"},
		{ticks{log: true}, 0.01, 0.1, "0.01 0.02 0.05 0.1"},
		{ticks{log: true, percent: true}, 0.002, 0.9, "0.2% 0.5% 1% 2% 5% 10% 20% 50%"},
		{ticks{}, 0, 4e6, "0 1e+06 2e+06 3e+06 4e+06"},
	} {
		var labels []string
		for _, tick := range test.ticks.Ticks(test.low, test.high) {
			labels = append(labels, tick.Label)
		}
		if got := strings.Join(labels, " "); got != test.want {
			t.Errorf("%v to %v: expected %s, got %s", test.low, test.high, test.want, got)
		}
	}
}
