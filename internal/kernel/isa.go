package kernel

import (
	"fmt"
	"strings"

	"gradus/internal/cpufeature"
)

// ISA is the instruction set kernels are taken from. AVX512, AVX2 and NEON give
// the same bits; Portable is close to them.
type ISA string

// The instruction sets.
const (
	Portable ISA = "portable"
	AVX2     ISA = "avx2"
	AVX512   ISA = "avx512"
	NEON     ISA = "neon"
)

// Available lists the instruction sets of this machine, the fastest first.
func Available() []ISA {
	var list []ISA
	if cpufeature.AVX512() {
		list = append(list, AVX512)
	}
	if cpufeature.AVX2() {
		list = append(list, AVX2)
	}
	if cpufeature.NEON() {
		list = append(list, NEON)
	}
	return append(list, Portable)
}

// Check refuses instruction sets this machine does not have.
func (s ISA) Check() error {
	var names []string
	for _, have := range Available() {
		if s == have {
			return nil
		}
		names = append(names, string(have))
	}
	return fmt.Errorf("isa: expected one of %s, got %q", strings.Join(names, ", "), string(s))
}

// widths are how many places register tiles have: even ones exactly so many, mixed
// ones at most so many. The generators have the same numbers.
type widths struct {
	even  []int // in descending order
	mixed int
}

// flat is the widths of tiles with up to four rows.
func (s ISA) flat() widths {
	switch s {
	case AVX512:
		return widths{[]int{6}, 3}
	case AVX2:
		return widths{[]int{3, 2}, 3}
	}
	return widths{[]int{4}, 4} // NEON
}

// tall is the widths of tiles with five to eight rows; none where registers suffice
// for narrow ones only.
func (s ISA) tall() widths {
	if s == AVX512 {
		return widths{[]int{3, 2}, 3}
	}
	return widths{}
}

// narrow is how many places of a mixed tile leave room for eight rows, where
// there are no tall tiles.
func (s ISA) narrow() int {
	switch s {
	case AVX2:
		return 1
	case NEON:
		return 2
	}
	return 0
}

// width is how many weights a register tile of weight gradients has beside four
// rows; 0 for portable code.
func (s ISA) width() int {
	switch s {
	case AVX512:
		return 6
	case NEON:
		return 4
	case AVX2:
		return 3
	}
	return 0
}

// keepsSums reports whether a weight gradient's sums can be cut into calls.
func (s ISA) keepsSums() bool { return s == AVX512 || s == AVX2 }

// register is how many numbers a register of the instruction set holds.
func (s ISA) register() int {
	switch s {
	case AVX512:
		return 16
	case AVX2:
		return 8
	case NEON:
		return 4
	}
	return 1
}
