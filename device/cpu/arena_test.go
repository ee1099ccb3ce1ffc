package cpu

import (
	"fmt"
	"testing"
	"unsafe"

	"gradus/random"
)

func TestArrangedIntervalsDoNotOverlap(t *testing.T) {
	r := random.New(1, "arena")
	for range 200 {
		var list []*interval
		most := 0
		for i := range 1 + r.IntN(40) {
			first := r.IntN(30)
			v := &interval{what: fmt.Sprint(i), first: first, last: first + r.IntN(10), size: r.IntN(100)}
			list = append(list, v)
			most += roundUp(v.size)
		}
		size := arrange(list)
		if err := checkOverlap(list); err != nil {
			t.Fatal(err)
		}
		if size > most {
			t.Fatalf("arena of %d floats, more than the %d of all values side by side", size, most)
		}
		for _, v := range list {
			if v.offset%align != 0 || v.offset+v.size > size {
				t.Fatalf("value at %d of size %d in an arena of %d", v.offset, v.size, size)
			}
		}
	}
}

func TestArenaReusesMemory(t *testing.T) {
	a, b := &interval{"a", 0, 1, 160, 0}, &interval{"b", 2, 3, 160, 0}
	if size := arrange([]*interval{a, b}); size != 160 {
		t.Errorf("two values that never meet take %d floats, want 160", size)
	}
}

func TestL03OverlapIsFound(t *testing.T) {
	a, b := &interval{"a", 0, 2, 32, 0}, &interval{"b", 2, 3, 32, 16}
	if checkOverlap([]*interval{a, b}) == nil {
		t.Error("overlapping places were not found")
	}
	b.first = 3
	if err := checkOverlap([]*interval{a, b}); err != nil {
		t.Errorf("places needed at different times: %v", err)
	}
}

func TestAlignedFloats(t *testing.T) {
	for n := 1; n < 40; n++ {
		if p := uintptr(unsafe.Pointer(&alignedFloats(n)[0])); p%64 != 0 {
			t.Fatalf("%d floats start at %#x", n, p)
		}
	}
}
