package optim

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestParseSchedule(t *testing.T) {
	for _, test := range []struct {
		text   string
		want   []Stage
		format string
	}{
		{"0.07x2,0.01x3", []Stage{{0.07, 2}, {0.01, 3}}, "0.07x2,0.01x3"},
		{".3x2, .07x3 ,1e-3x0", []Stage{{0.3, 2}, {0.07, 3}, {0.001, 0}}, "0.3x2,0.07x3,0.001x0"},
		{"0x1", []Stage{{0, 1}}, "0x1"},
		{"3.4e38x1", []Stage{{3.4e38, 1}}, "3.4e+38x1"},
	} {
		got, err := ParseSchedule(test.text)
		if err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%q: expected %v, got %v, %v", test.text, test.want, got, err)
		}
		if f := FormatSchedule(got); f != test.format {
			t.Errorf("%q: expected the format %s, got %s", test.text, test.format, f)
		}
	}
}

func TestParseScheduleRefuses(t *testing.T) {
	const example = "; for instance 0.07x2,0.01x3"
	for _, test := range []struct{ text, want string }{
		{"", `schedule: stage 1: expected LRxEPOCHS, got ""` + example},
		{"0.07x2,", `schedule: stage 2: expected LRxEPOCHS, got ""` + example},
		{"0.07", `schedule: stage 1: expected LRxEPOCHS, got "0.07"` + example},
		{"x2", `schedule: stage 1: expected a learning rate, got ""` + example},
		{"0,07x2", `schedule: stage 1: expected LRxEPOCHS, got "0"` + example},
		{"0x1p-2x3", `schedule: stage 1: expected a whole number of epochs, got "1p-2x3"` + example},
		{"1_0x3", `schedule: stage 1: expected a learning rate, got "1_0"` + example},
		{"ax\nb", `schedule: stage 1: expected a learning rate, got "a"` + example},
		{"0.1x2.5", `schedule: stage 1: expected a whole number of epochs, got "2.5"` + example},
		{"0.1x99999999999999999999", `schedule: stage 1: expected a whole number of epochs, got "99999999999999999999"` + example},
		{"0.1x1,0.1x-1", `schedule: stage 2: epochs: expected at least 0, got -1`},
		{"-0.1x1", `schedule: stage 1: lr: expected 0 <= lr <= 3.4e38, got -0.1`},
		{"NaNx1", `schedule: stage 1: lr: expected 0 <= lr <= 3.4e38, got NaN`},
		{"1e40x1", `schedule: stage 1: lr: expected 0 <= lr <= 3.4e38, got 1e+40`},
		{"1e999x1", `schedule: stage 1: lr: expected 0 <= lr <= 3.4e38, got +Inf`},
		{strings.Repeat("z", 1000), `schedule: stage 1: expected LRxEPOCHS, got "` + strings.Repeat("z", 40) + `"` + example},
	} {
		if got, err := ParseSchedule(test.text); err == nil || err.Error() != test.want {
			t.Errorf("%.50q: expected the error\n%s, got %v and\n%v", test.text, test.want, got, err)
		}
	}
}

// Whatever is accepted keeps its limits and survives a round trip.
func FuzzParseSchedule(f *testing.F) {
	f.Add("0.07x2,0.01x3")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		stages, err := ParseSchedule(text)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "schedule: stage ") || strings.ContainsAny(err.Error(), "\n\r") {
				t.Fatalf("expected a line that begins with schedule, got %q", err)
			}
			return
		}
		if len(stages) != strings.Count(text, ",")+1 {
			t.Fatalf("expected a stage per comma, got %v", stages)
		}
		for _, s := range stages {
			if math.IsNaN(s.LearningRate) || s.LearningRate < 0 || math.IsInf(float64(float32(s.LearningRate)), 0) || s.Epochs < 0 {
				t.Fatalf("expected values within the limits, got %+v", s)
			}
		}
		again, err := ParseSchedule(FormatSchedule(stages))
		if err != nil || !slices.Equal(again, stages) {
			t.Fatalf("expected %v, got %v, %v", stages, again, err)
		}
	})
}
