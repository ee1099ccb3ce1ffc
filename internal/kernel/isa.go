package kernel

import (
	"fmt"
	"slices"
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

// widths are how register tiles are cut.
type widths struct {
	wide     []int // how many registers a tile may be wide, in descending order
	register int   // bytes of one
}

// joins reports whether a register may join tiles to make them so wide.
func (w widths) joins(n int) bool {
	return n <= 3 && slices.Contains(w.wide, 1) && slices.Contains(w.wide, n)
}

// flat is the widths of tiles with up to four rows. The generators have the same
// numbers.
func (s ISA) flat() []int {
	switch s {
	case AVX512:
		return []int{6, 3, 2, 1}
	case AVX2:
		return []int{3, 2} // a block is two registers, so none is ever alone
	}
	return []int{4} // NEON: a block is four
}

// middle is the widths of tiles with five or six rows, where there are tall ones.
func (s ISA) middle() []int { return []int{4, 3, 2, 1} }

// tall is the widths of tiles with five to eight rows; none where registers do not
// suffice.
func (s ISA) tall() []int {
	if s == AVX512 {
		return []int{3, 2, 1}
	}
	return nil
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
