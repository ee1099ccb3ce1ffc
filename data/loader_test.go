package data

import (
	"slices"
	"testing"
)

func TestBatches(t *testing.T) {
	for _, test := range []struct{ samples, batch, batches int }{
		{10, 4, 3}, {8, 4, 2}, {3, 4, 1}, {1, 1, 1}, {5, 1, 5}, {5, 1 << 60, 1},
	} {
		loader, err := NewLoader(numbered(test.samples, 4), test.batch, 9)
		if err != nil {
			t.Fatal(err)
		}
		order := make([]int32, test.samples)
		Order(order, 9, 2)
		var seen []int
		batches := 0
		for images, labels := range loader.Batches(2) {
			if want := min(test.batch, test.samples-len(seen)); len(labels) != want {
				t.Errorf("expected a batch of %d, got %d", want, len(labels))
			}
			seen = append(seen, ids(t, images, labels, 4)...)
			batches++
		}
		for i, want := range order {
			if seen[i] != int(want) {
				t.Fatalf("sample %d: expected %d as in the order of the epoch, got %d", i, want, seen[i])
			}
		}
		if len(seen) != test.samples || batches != test.batches || loader.Len() != test.batches {
			t.Errorf("expected %d samples in %d batches, got %d in %d, Len %d", test.samples, test.batches, len(seen), batches, loader.Len())
		}
	}
}

func TestBatchesStopAndOverlap(t *testing.T) {
	loader, err := NewLoader(numbered(6, 3), 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	for outer, labels := range loader.Batches(1) {
		before := slices.Clone(outer)
		for range loader.Batches(2) {
		}
		if !slices.Equal(outer, before) {
			t.Error("expected a range inside another to leave its batch alone, got other pixels")
		}
		ids(t, outer, labels, 3)
		break
	}
}

func TestNewLoaderRefuses(t *testing.T) {
	for line, make := range map[string]func() (*Loader, error){
		"batch: expected at least 1, got 0":            func() (*Loader, error) { return NewLoader(numbered(3, 3), 0, 1) },
		"numbered: expected at least 1 example, got 0": func() (*Loader, error) { return NewLoader(numbered(0, 3), 1, 1) },
	} {
		if _, err := make(); err == nil || err.Error() != line {
			t.Errorf("expected %q, got %v", line, err)
		}
	}
}

func BenchmarkBatches(b *testing.B) {
	s := &Set{Name: "blank", Shape: [3]int{1, 28, 28}, Images: make([]byte, 60_000*784), Labels: make([]int32, 60_000), Classes: 10, Std: 1}
	loader, err := NewLoader(s, 16, 1)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(s.Images)))
	for b.Loop() {
		for range loader.Batches(1) {
		}
	}
}
