package cpu

import (
	"cmp"
	"fmt"
	"slices"
	"unsafe"
)

// align is the granularity of places in floats: a cache line, and a register.
const align = 16

// interval is memory that is needed from one tick to another, both included.
type interval struct {
	what        string
	first, last int
	size        int // floats
	offset      int // set by arrange
}

func (a *interval) meets(b *interval) bool { return a.first <= b.last && b.first <= a.last }

// arrange gives each interval an offset such that no two that are needed at
// the same time overlap, and returns the size of the memory that holds them
// all. Big ones are placed first, each at the lowest offset that is free.
func arrange(intervals []*interval) (size int) {
	order := slices.Clone(intervals)
	slices.SortStableFunc(order, func(a, b *interval) int { return cmp.Compare(b.size, a.size) })
	for i, v := range order {
		taken := []*interval{}
		for _, u := range order[:i] {
			if u.meets(v) {
				taken = append(taken, u)
			}
		}
		slices.SortFunc(taken, func(a, b *interval) int { return cmp.Compare(a.offset, b.offset) })
		v.offset = 0
		for _, u := range taken {
			if v.offset+v.size <= u.offset {
				break
			}
			v.offset = max(v.offset, roundUp(u.offset+u.size))
		}
		size = max(size, roundUp(v.offset+v.size))
	}
	return size
}

// checkOverlap is an independent check of arrange: it compares every pair.
func checkOverlap(intervals []*interval) error {
	for i, a := range intervals {
		for _, b := range intervals[:i] {
			if a.meets(b) && a.offset < b.offset+b.size && b.offset < a.offset+a.size {
				return fmt.Errorf("plan: %s [%d,%d) at ticks %d-%d overlaps %s [%d,%d) at ticks %d-%d",
					a.what, a.offset, a.offset+a.size, a.first, a.last,
					b.what, b.offset, b.offset+b.size, b.first, b.last)
			}
		}
	}
	return nil
}

func roundUp(n int) int { return (n + align - 1) / align * align }

// alignedFloats allocates n floats that start at a multiple of 64 bytes.
func alignedFloats(n int) []float32 {
	buffer := make([]float32, n+align)
	skip := 0
	for skip < align && uintptr(unsafe.Pointer(&buffer[skip]))%(4*align) != 0 {
		skip++
	}
	return buffer[skip : skip+n : skip+n]
}
