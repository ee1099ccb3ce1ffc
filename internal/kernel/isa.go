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

// width is how many columns a register tile of the instruction set has; 0 for
// portable code.
func (s ISA) width() int {
	switch s {
	case AVX512, NEON:
		return 4
	case AVX2:
		return 3
	}
	return 0
}

// narrow is how many columns a tile with eight rows has.
func (s ISA) narrow() int {
	switch s {
	case AVX512, NEON:
		return 2
	case AVX2:
		return 1
	}
	return 0
}

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
