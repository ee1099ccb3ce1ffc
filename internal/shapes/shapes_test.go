package shapes

import (
	"testing"

	"gradus/graph"
	"gradus/op"
)

func TestLines(t *testing.T) {
	for _, test := range []struct {
		text   string
		pool   bool
		want   Shape
		reason string
	}{
		{text: `g1ic20oc24_ih8oh4kh3sh2ph1_n"end padding 0"`, want: Shape{
			2, 20, 24, 8, 8, op.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Padding: op.Padding{Top: 1, Left: 1}}, false}},
		{text: `mb5_ic1oc2_kd1kh2kw1_id1ih5iw3_od1oh6ow3_sd1sh1sw1_pd0ph2pw0_dd0dh0dw0n"depth 1"`, want: Shape{
			5, 1, 2, 5, 3, op.Window{Kernel: [2]int{2, 1}, Stride: [2]int{1, 1}, Padding: op.Padding{Top: 2}}, false}},
		{text: `mb1ic16oc16_ih10kh5_ph7sh1`, want: Shape{
			1, 16, 16, 10, 10, op.Window{Kernel: [2]int{5, 5}, Stride: [2]int{1, 1}, Padding: op.Pad(7)}, false}},
		{text: `ic64_ih32oh16_kh3sh2`, pool: true, want: Shape{
			2, 64, 64, 32, 32, op.Window{Kernel: [2]int{3, 3}, Stride: [2]int{2, 2}, Padding: op.Padding{Bottom: 1, Right: 1}}, true}},
		{text: `g2ic4oc4_ih8oh8kh3ph1`, reason: "with groups"},
		{text: `ic4oc4_iw8ow8kw3pw1`, reason: "1-D"},
		{text: `ic4oc4_id8od8kd3pd1`, reason: "3-D"},
		{text: `ic4oc4_ih8oh8kh3ph2dh1`, reason: "dilated"},
		{text: `ic4oc4_ih8oh4kh3ph0`, reason: "with results left out"},
		{text: `ic4_ih8oh10kh3ph2`, pool: true, reason: "padded by more than half the kernel"},
		{text: `ic4oc4_ih2kh5`, reason: "without a window that fits"},
	} {
		fields, err := parseLine(test.text)
		if err != nil {
			t.Error(err)
			continue
		}
		got, reason := fields.shape(test.pool)
		if reason != test.reason || reason == "" && got != test.want {
			t.Errorf("%s: expected %v %s, got %v %s", test.text, test.want, test.reason, got, reason)
		}
	}
	for _, text := range []string{"ic", "ic4,oc4", "4ic", "ic99999999999999999999"} {
		if fields, err := parseLine(text); err == nil {
			t.Errorf("%s: expected a refusal, got %v", text, fields)
		}
	}
}

// A cut shape keeps its window and its padding.
func TestCut(t *testing.T) {
	s := Shape{256, 130, 67, 30, 300, op.Window{
		Kernel: [2]int{5, 3}, Stride: [2]int{1, 2}, Padding: op.Padding{Top: 2, Bottom: 2, Left: 1}}, false}
	c, ok := s.cut(1e6)
	if y := c.Result(); !ok || c.work(y[2], y[3]) > 1e6 || c.Window != s.Window || c.Batch != mostSamples {
		t.Errorf("expected at most 1e6 multiply-adds with the same window, got %v", c)
	}
	if c.work(c.Result()[2], c.Result()[3]) < 1e6/16 {
		t.Errorf("expected no smaller shape than needed, got %v", c)
	}
	whole, ok := s.cut(1e12)
	s.Batch = mostSamples
	if !ok || whole != s {
		t.Errorf("expected %v, got %v", s, whole)
	}
	if c, ok := (Shape{1, 1, 1, 9, 9, op.Window{Kernel: [2]int{9, 9}, Stride: [2]int{1, 1}}, false}).cut(80); ok {
		t.Errorf("expected a kernel of 81 to be too big, got %v", c)
	}
}

// The lists are read whole: their shapes can be computed, and none are lost.
func TestLists(t *testing.T) {
	for _, l := range []*List{Convolutions(t), Pools(t)} {
		for _, s := range l.Shapes {
			if y := s.Result(); (graph.Type{Shape: y}).Size() < 1 || s.Batch < 1 || s.Batch > mostSamples {
				t.Errorf("expected a result, got %v for %v", y, s)
			}
		}
		if most := min(mostConvolutions, mostPools, 80); len(l.Shapes) < most {
			t.Errorf("expected %d shapes or more, got %d", most, len(l.Shapes))
		}
		l.Log(t)
	}
}
