package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// partial is a register of partial sums: element group i belongs to sum of[i].
// A register starts with one sum; every fold halves what a sum takes up and so
// brings two registers together.
type partial struct {
	r  reg.VecVirtual
	of []int
}

// addLanes adds up the lanes of each register, as the tree of addLanes in the
// package above: the upper half is added onto the lower one until one number is
// left. It returns one or more registers of sums, with the sums' indices by
// element.
func (s isa) addLanes(sums []reg.VecVirtual) []partial {
	var list []partial
	for i, r := range sums {
		list = append(list, partial{r, []int{i}})
	}
	for lanes := s.bytes / lane; lanes > 1; lanes /= 2 {
		var folded []partial
		for i := 0; i < len(list); i += 2 {
			a, b := list[i], list[min(i+1, len(list)-1)]
			folded = append(folded, s.fold(a, b, lanes))
		}
		list = folded
	}
	return list
}

// fold adds the upper onto the lower half of every sum in a and b, in the
// registers of a; b's are changed.
func (s isa) fold(a, b partial, lanes int) partial {
	lo, hi := s.register(), b.r
	both := func(imm0, imm1 uint64, shuffle func(imm uint64, b, a, to reg.VecVirtual)) {
		shuffle(imm0, b.r, a.r, lo)
		shuffle(imm1, b.r, a.r, hi)
	}
	of := append(append([]int{}, a.of...), b.of...) // a's sums, then b's
	switch {
	case lanes == 16: // 256-bit halves
		both(0x44, 0xee, func(i uint64, b, a, to reg.VecVirtual) { VSHUFF64X2(U8(i), b, a, to) })
	case lanes == 8 && s.bytes == 64: // 128-bit quarters, even and odd
		both(0x88, 0xdd, func(i uint64, b, a, to reg.VecVirtual) { VSHUFF32X4(U8(i), b, a, to) })
	case lanes == 8: // 128-bit halves
		both(0x20, 0x31, func(i uint64, b, a, to reg.VecVirtual) { VPERM2F128(U8(i), b, a, to) })
	case lanes == 4: // pairs within 128 bits
		both(0x44, 0xee, func(i uint64, b, a, to reg.VecVirtual) { VSHUFPS(U8(i), b, a, to) })
		of = interleave(a.of, b.of, 1)
	case lanes == 2: // single numbers within 128 bits
		both(0x88, 0xdd, func(i uint64, b, a, to reg.VecVirtual) { VSHUFPS(U8(i), b, a, to) })
		of = interleave(a.of, b.of, 2)
	}
	VADDPS(hi, lo, a.r)
	return partial{a.r, of}
}

// interleave takes n of a, n of b, and so on.
func interleave(a, b []int, n int) []int {
	var of []int
	for i := 0; i < len(a); i += n {
		of = append(append(of, a[i:i+n]...), b[i:i+n]...)
	}
	return of
}
