package bench_test

import (
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gradus/bench"
	"gradus/data"
	"gradus/random"
)

// noise is a data set of random images of MNIST's size.
func noise(n int) *data.Set {
	s := &data.Set{
		Name: "noise", Shape: [3]int{1, 28, 28}, Classes: 10, Mean: data.MNISTMean, Std: data.MNISTStd,
		Images: make([]byte, n*28*28), Labels: make([]int32, n),
	}
	r := random.New(1, "noise")
	for i := range s.Images {
		s.Images[i] = byte(r.IntN(256))
	}
	for i := range s.Labels {
		s.Labels[i] = int32(r.IntN(10))
	}
	return s
}

func options(pattern string) bench.Options {
	return bench.Options{Run: regexp.MustCompile(pattern), Quick: true, Threads: 2, Train: noise(70), Test: noise(30)}
}

func TestRun(t *testing.T) {
	o := options("^networks/|^evaluation/|^batches/17|^layers/conv-16x|^layers/linear-256x784")
	var names []string
	o.Progress = func(name string, done, of int) {
		if done != len(names) || of != len(o.Selected()) {
			t.Errorf("%s: expected to be measurement %d of %d, got %d of %d", name, len(names), len(o.Selected()), done, of)
		}
		names = append(names, name)
	}
	r, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(names, o.Selected()) {
		t.Errorf("expected progress of %v, got %v", o.Selected(), names)
	}
	if len(r.Networks) != 6 || len(r.Evaluations) != 1 || len(r.Batches) != 1 || len(r.Layers) != 3 || len(r.Profiles) != 0 {
		t.Errorf("expected 6 networks, 1 evaluation, 1 pair of batches, 3 layers, got %d, %d, %d, %d and %d profiles",
			len(r.Networks), len(r.Evaluations), len(r.Batches), len(r.Layers), len(r.Profiles))
	}
	var timings []bench.Timing
	for i, n := range r.Networks {
		if want := []int{132_488, 132_488, 578_312, 592_616, 592_616, 592_616}[i]; n.MultiplyAdds != want { // counted by hand
			t.Errorf("%s: expected %d multiply-adds, got %d", n.Name, want, n.MultiplyAdds)
		}
		timings = append(timings, n.Timings...)
	}
	for _, e := range r.Evaluations {
		if e.MultiplyAdds != 46_404 {
			t.Errorf("%s: expected 46404 multiply-adds, got %d", e.Name, e.MultiplyAdds)
		}
		timings = append(timings, e.Timings...)
	}
	for _, b := range r.Batches {
		timings = append(timings, b.Forward, b.ForwardOver, b.Step, b.StepOver)
	}
	for _, l := range r.Layers {
		timings = append(timings, l.Forward, l.DataGradient, l.WeightGradient)
	}
	if want := 2*(6+1) + 4 + 3*3; len(timings) != want {
		t.Errorf("expected %d timings, got %d", want, len(timings))
	}
	for _, x := range timings {
		s := x.Seconds
		if !(0 < s.Min && s.Min <= s.Median && s.Median <= s.Max) || s.Samples < 3 || !(x.GFLOPS > 0) || !(x.Percent.Median > 0) {
			t.Errorf("expected ordered positive numbers of 3 samples, got %+v", x)
		}
	}
	if want := 2 * len(bench.InstructionSets()); len(r.Peaks) != want {
		t.Errorf("expected %d peaks, got %d", want, len(r.Peaks))
	}
}

func TestProfile(t *testing.T) {
	o := options("plain-d1-b16|gated")
	o.Profile = true
	r, err := bench.Run(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Profiles) != 2 || len(r.Networks) != 0 {
		t.Fatalf("expected 2 profiles and nothing else, got %d and %d networks", len(r.Profiles), len(r.Networks))
	}
	p := r.Profiles[0]
	sum, work, passes := p.Rest, 0, map[string]bool{}
	for _, part := range p.Parts {
		sum += part.Seconds
		work += part.MultiplyAdds
		passes[part.Pass] = true
	}
	if sum < 0.999*p.Seconds || sum > 1.001*p.Seconds {
		t.Errorf("expected parts that add up to a step of %v s, got %v s", p.Seconds, sum)
	}
	if want := 16 * 132_488; work != want {
		t.Errorf("expected parts of %d multiply-adds, got %d", want, work)
	}
	for _, pass := range []string{"forward", "backward", "update"} {
		if !passes[pass] {
			t.Errorf("expected parts of the pass %s, got none", pass)
		}
	}
}

func TestReportIsJSON(t *testing.T) {
	r, err := bench.Run(t.Context(), options("layers/conv-16x1x"))
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	var back bench.Report
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(text) {
		t.Errorf("expected the same report back, got %v\n%s\n%s", err, text, again)
	}
	if !strings.Contains(string(text), `"data_gradient":{"threads":1,"seconds":{"median":`) {
		t.Errorf("expected the timing of a data gradient, got %s", text)
	}
}

func TestOtherSetsOfInstructions(t *testing.T) {
	for _, isa := range bench.InstructionSets() {
		o := options("layers/conv-16x4x")
		o.ISA = isa
		r, err := bench.Run(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		if r.ISA != isa || len(r.Layers) != 1 {
			t.Errorf("expected a layer with %s, got %d with %s", isa, len(r.Layers), r.ISA)
		}
	}
}

func TestRefusals(t *testing.T) {
	for _, test := range []struct {
		options bench.Options
		want    string
	}{
		{bench.Options{ISA: "mmx"}, "isa: expected one of " + strings.Join(bench.InstructionSets(), ", ") + `, got "mmx"`},
		{bench.Options{Threads: -1}, "threads: expected 0 to 256, got -1; 0 means all cores"},
		{bench.Options{Threads: 257}, "threads: expected 0 to 256, got 257; 0 means all cores"},
		{bench.Options{Run: regexp.MustCompile("alexnet")},
			`run: expected a pattern that matches a name, got "alexnet"; the first name is networks/plain-d1-b16`},
		{bench.Options{Run: regexp.MustCompile("layers"), Profile: true},
			`run: expected a pattern that matches a name, got "layers"; the first name is networks/plain-d1-b16`},
	} {
		if _, err := bench.Run(t.Context(), test.options); err == nil || err.Error() != test.want {
			t.Errorf("expected %q, got %v", test.want, err)
		}
	}
}

func TestCancelled(t *testing.T) {
	because := errors.New("enough")
	for _, pattern := range []string{"networks/plain-d1-b16", "evaluation", "layers/linear-256x784"} {
		ctx, cancel := context.WithCancelCause(t.Context())
		o := options(pattern)
		o.Progress = func(string, int, int) { cancel(because) }
		if _, err := bench.Run(ctx, o); !errors.Is(err, because) {
			t.Errorf("%s: expected to end with the cause, got %v", pattern, err)
		}
	}
}
