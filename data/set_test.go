package data

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gradus/random"
)

// numbered returns n samples of two channels of 1x3 pixels. Every byte of image i is i, and so is label i, modulo classes.
func numbered(n, classes int) *Set {
	s := &Set{Name: "numbered", Shape: [3]int{2, 1, 3}, Classes: classes, Mean: MNISTMean, Std: MNISTStd}
	for i := range n {
		s.Images = append(s.Images, slices.Repeat([]byte{byte(i)}, 6)...)
		s.Labels = append(s.Labels, int32(i%classes))
	}
	return s
}

// ids returns the numbers of the samples of a numbered set, and fails where pixels and labels do not belong together.
func ids(t *testing.T, images []byte, labels []int32, classes int) []int {
	t.Helper()
	if len(images) != 6*len(labels) {
		t.Fatalf("expected %d bytes, got %d", 6*len(labels), len(images))
	}
	var out []int
	for i, label := range labels {
		pixels := images[6*i : 6*i+6]
		if slices.Min(pixels) != slices.Max(pixels) || int32(int(pixels[0])%classes) != label {
			t.Fatalf("sample %d: expected six equal pixels that match label %d, got %v", i, label, pixels)
		}
		out = append(out, int(pixels[0]))
	}
	return out
}

func TestValidate(t *testing.T) {
	if err := numbered(4, 3).Validate(); err != nil {
		t.Fatal(err)
	}
	nan := float32(math.NaN())
	for _, test := range []struct {
		id   string
		harm func(*Set)
		line string
	}{
		{"A16", func(s *Set) { s.Images, s.Labels = nil, nil }, "numbered: expected at least 1 example, got 0"},
		{"A13", func(s *Set) { s.Labels[2] = 3 }, "numbered: expected label 2 in 0..2, got 3"},
		{"A13", func(s *Set) { s.Labels[1] = -1 }, "numbered: expected label 1 in 0..2, got -1"},
		{"A12", func(s *Set) { s.Labels = s.Labels[:3] }, "numbered: expected 18 bytes in 3 images, got 24"},
		{"A10", func(s *Set) { s.Images = s.Images[:23] }, "numbered: expected 24 bytes in 4 images, got 23"},
		{"shape", func(s *Set) { s.Shape[0] = 0 }, "numbered: expected at least 1 channel, got 0"},
		{"shape", func(s *Set) { s.Shape[1] = -1 }, "numbered: expected at least 1 row, got -1"},
		{"shape", func(s *Set) { s.Shape[2] = 0 }, "numbered: expected at least 1 column, got 0"},
		{"classes", func(s *Set) { s.Classes = 0 }, "numbered: expected at least 1 class, got 0"},
		{"G8", func(s *Set) { s.Std = 0 }, "numbered: expected std above 0, got 0"},
		{"G8", func(s *Set) { s.Std = nan }, "numbered: expected std above 0, got NaN"},
		{"G8", func(s *Set) { s.Std = float32(math.Inf(1)) }, "numbered: expected std above 0, got +Inf"},
		{"mean", func(s *Set) { s.Mean = nan }, "numbered: expected a finite mean, got NaN"},
		{"mean", func(s *Set) { s.Mean = float32(math.Inf(-1)) }, "numbered: expected a finite mean, got -Inf"},
	} {
		s := numbered(4, 3)
		test.harm(s)
		if err := s.Validate(); err == nil || err.Error() != test.line {
			t.Errorf("%s: expected %q, got %v", test.id, test.line, err)
		}
	}
}

func TestSliceSharesAndSubsetCopies(t *testing.T) {
	s := numbered(9, 4)
	part := s.Slice(2, 5)
	if got := ids(t, part.Images, part.Labels, 4); !slices.Equal(got, []int{2, 3, 4}) || &part.Images[0] != &s.Images[12] {
		t.Errorf("expected samples 2, 3, 4 in place, got %v", got)
	}
	if cap(part.Images) != len(part.Images) || cap(part.Labels) != len(part.Labels) {
		t.Error("expected a part that cannot grow into its neighbour, got room")
	}
	chosen := s.Subset([]int32{8, 0, 8})
	if got := ids(t, chosen.Images, chosen.Labels, 4); !slices.Equal(got, []int{8, 0, 8}) {
		t.Errorf("expected samples 8, 0, 8, got %v", got)
	}
	chosen.Images[0], chosen.Labels[0] = 77, 3
	if diff := cmp.Diff(numbered(9, 4), s); diff != "" {
		t.Errorf("expected the set to stay, got %s", diff)
	}
	if got := s.Image(3); !slices.Equal(got, []byte{3, 3, 3, 3, 3, 3}) {
		t.Errorf("expected image 3, got %v", got)
	}
}

func TestSplit(t *testing.T) {
	s := numbered(10, 4)
	train, validation, err := s.Split(3, 7)
	if err != nil {
		t.Fatal(err)
	}
	order := make([]int32, 10)
	random.New(7, "validation").Perm(order)
	var want []int
	for _, i := range order {
		want = append(want, int(i))
	}
	if got := ids(t, train.Images, train.Labels, 4); !slices.Equal(got, want[:7]) {
		t.Errorf("expected %v for training, got %v", want[:7], got)
	}
	if got := ids(t, validation.Images, validation.Labels, 4); !slices.Equal(got, want[7:]) {
		t.Errorf("expected %v for validation, got %v", want[7:], got)
	}
	if train.Name != "numbered" || validation.Name != "numbered, held out" {
		t.Errorf("expected names that tell the parts apart, got %q and %q", train.Name, validation.Name)
	}
	for _, holdOut := range []int{0, -1, 10, 11, math.MaxInt, math.MinInt} {
		if _, _, err := s.Split(holdOut, 7); err == nil || !strings.HasPrefix(err.Error(), "numbered: expected 1 to 9 held-out examples of 10, got ") {
			t.Errorf("%d: expected a refusal, got %v", holdOut, err)
		}
	}
}

func TestOrder(t *testing.T) {
	order := make([]int32, 10)
	Order(order, 1, 1)
	if want := []int32{1, 2, 0, 9, 3, 7, 5, 6, 8, 4}; !slices.Equal(order, want) {
		t.Errorf("expected %v for ever, got %v", want, order)
	}
	next, seed := make([]int32, 10), make([]int32, 10)
	Order(next, 1, 2)
	Order(seed, 2, 1)
	if slices.Equal(order, next) || slices.Equal(order, seed) {
		t.Errorf("expected another order for another epoch or seed, got %v", order)
	}
}
