package reproduce

import (
	"strings"
	"testing"
)

// madeStudy is a study with made-up test errors.
func madeStudy() *StudyResults {
	s := Study{Alphas: []float64{-2, 0}, Rates: []float64{0.1}, Momenta: []float64{0, 0.9}, Batch: 64, Epochs: 4, Seeds: []uint64{1, 2}}
	r := &StudyResults{Common: Common{Seeds: s.Seeds}, study: s}
	errors := map[string][]float64{
		"convex false -2 0": {3, 88.65}, "convex false -2 0.9": {2, 2.2}, "convex false 0 0": {88.65, 88.65}, "convex false 0 0.9": {88.65, 88.65},
		"convex true -2 0": {88.65, 88.65}, "convex true -2 0.9": {1.9, 2.1}, "convex true 0 0": {88.65, 88.65}, "convex true 0 0.9": {88.65, 3},
		"residual": {1.8, 1.8}, "gated": {2.1, 2.3},
	}
	for _, c := range s.configs() {
		key := c.Net
		if c.Alpha != nil {
			key += strings.Join([]string{"", boolText(c.AlphaPerChannel), short(*c.Alpha), short(c.Momentum)}, " ")
		}
		one := made(c, errors[key]...)
		for i := range one.Runs {
			if c.Alpha != nil {
				one.Runs[i].Alphas = []Alpha{{Block: "1: 4→4, 14x14", Weights: []float64{0.3}}, {Block: "2: 4→8, 7x7", Halves: true, Weights: []float64{0.05, 0.15}}}
			}
		}
		r.Cells = append(r.Cells, one)
	}
	return r
}

func boolText(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

func short(v float64) string {
	return map[float64]string{-2: "-2", 0: "0", 0.9: "0.9"}[v]
}

func TestStudyConclusions(t *testing.T) {
	r := madeStudy()
	want := []string{
		"With one weight per block, 3 of 8 runs train: 3 of 4 from alpha -2, 0 of 4 from alpha 0.",
		"With one weight per channel, 3 of 8 runs train: 2 of 4 from alpha -2, 1 of 4 from alpha 0.",
		"Of all convex runs, 1 of 8 with momentum 0 and 5 of 8 with momentum 0.9 train; 6 of 16 with a learning rate of 0.1.",
		"The best setting with one weight per block is alpha -2, learning rate 0.1, momentum 0.9: test error 2.10 ± 0.14%. " +
			"Beside the best residual network (learning rate 0.1, momentum 0: 1.80 ± 0.00%) the error is 0.30 points higher. " +
			"Beside the best gated network (learning rate 0.1, momentum 0: 2.20 ± 0.14%) the error is 0.10 points lower, within the spread of the seeds.",
		"The best setting with one weight per channel is alpha -2, learning rate 0.1, momentum 0.9: test error 2.00 ± 0.14%. " +
			"Beside the best residual network (learning rate 0.1, momentum 0: 1.80 ± 0.00%) the error is 0.20 points higher. " +
			"Beside the best gated network (learning rate 0.1, momentum 0: 2.20 ± 0.14%) the error is 0.20 points lower, within the spread of the seeds.",
		"With one weight per block, weights go, on average over all blocks and in the best setting of each start, from 0.12 to 0.20. The highest end, 0.30, is in block 1: 4→4, 14x14; the lowest, 0.10, in block 2: 4→8, 7x7. Blocks that halve the image give less to the convolution than the others: 0.10 and 0.30 on average.",
		"With one weight per channel, weights go, on average over all blocks and in the best setting of each start, from 0.12 to 0.20, from 0.50 to 0.20. The highest end, 0.30, is in block 1: 4→4, 14x14; the lowest, 0.10, in block 2: 4→8, 7x7. Blocks that halve the image give less to the convolution than the others: 0.10 and 0.30 on average.",
	}
	got := r.conclude()
	for i := range max(len(want), len(got)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("conclusion %d: expected\n%s\ngot\n%s", i+1, strings.Join(want[min(i, len(want)):], "\n"), strings.Join(got[min(i, len(got)):], "\n"))
		}
	}
	files, err := r.Files()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"plots/weights-block.svg", "plots/weights-channel.svg", "plots/errors.svg", "plots/trains-block-momentum-0.9.svg"} {
		if len(files[name]) == 0 {
			t.Errorf("expected the picture %s, got none", name)
		}
	}
	r.Conclusions = got
	checkPage(t, files)
}

func TestWhichBlocks(t *testing.T) {
	for _, test := range []struct {
		halving, other *Values
		want           string
	}{
		{&Values{Mean: 0.4}, &Values{Mean: 0.1}, " Blocks that halve the image give more to the convolution than the others: 0.40 and 0.10 on average."},
		{&Values{Mean: 0.11}, &Values{Mean: 0.1}, " Blocks that halve the image give as much to the convolution as the others: 0.11 and 0.10 on average."},
		{&Values{Mean: 0.11}, nil, ""},
	} {
		if got := whichBlocks(test.halving, test.other); got != test.want {
			t.Errorf("expected %q, got %q", test.want, got)
		}
	}
}

func TestCellText(t *testing.T) {
	for _, test := range []struct {
		errors []float64
		failed int
		want   string
	}{
		{[]float64{2, 2.2}, 0, "2.10%"},
		{[]float64{2, 88.65}, 0, "2.00% (1/2)"},
		{[]float64{88.65, 88.65}, 0, "stuck"},
		{[]float64{88.65}, 1, "failed 1/2"},
		{nil, 2, "failed 2/2"},
	} {
		c := made(plain(1, 16, 0, "0.1x1"), test.errors...)
		for range test.failed {
			c.add(Run{Outcome: Failed})
		}
		if got := c.cellText(); got != test.want {
			t.Errorf("%v and %d failed: expected %s, got %s", test.errors, test.failed, test.want, got)
		}
	}
}
