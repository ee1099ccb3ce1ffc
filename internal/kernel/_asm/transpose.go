package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// transposition generates func(to, from *float32, toStride, fromStride int):
// 16 rows of 16 numbers become 16 columns. Strides are in bytes. With add the
// numbers are added onto what stands there.
func (s isa) transposition(add bool) {
	name, does := "transpose", "writes"
	if add {
		name, does = "transposeAdd", "adds"
	}
	TEXT(name+s.name, NOSPLIT, "func(to, from *float32, toStride, fromStride int)")
	Pragma("noescape")
	Doc(name + s.name + " " + does + " 16 rows of 16 numbers as 16 columns. Strides are in bytes.")
	to, from := Load(Param("to"), GP64()), Load(Param("from"), GP64())
	toStride, fromStride := Load(Param("toStride"), GP64()), Load(Param("fromStride"), GP64())
	n := s.bytes / lane
	// A register holds n columns: squares of n x n are transposed one by one.
	for top := 0; top < 16; top += n {
		for left := 0; left < 16; left += n {
			var x []reg.VecVirtual
			p := GP64()
			LEAQ(Mem{Base: from, Disp: lane * left}, p)
			s.skip(p, fromStride, top)
			for i := range n {
				v := s.register()
				VMOVUPS(Mem{Base: p}, v)
				x = append(x, v)
				if i+1 < n {
					ADDQ(fromStride, p)
				}
			}
			q := GP64()
			LEAQ(Mem{Base: to, Disp: lane * top}, q)
			s.skip(q, toStride, left)
			for i, v := range s.square(x) {
				if add {
					VADDPS(Mem{Base: q}, v, v)
				}
				VMOVUPS(v, Mem{Base: q})
				if i+1 < n {
					ADDQ(toStride, q)
				}
			}
		}
	}
	VZEROUPPER()
	RET()
}

// skip moves p by rows strides.
func (s isa) skip(p, stride reg.Register, rows int) {
	if rows == 0 {
		return
	}
	t := GP64()
	IMUL3Q(U8(rows), stride, t)
	ADDQ(t, p)
}

// square transposes as many registers as one has numbers: by single numbers,
// pairs, and then 128-bit parts.
func (s isa) square(x []reg.VecVirtual) []reg.VecVirtual {
	n := len(x)
	round := func(distance int, lo, hi func(a, b, to reg.VecVirtual)) {
		out := make([]reg.VecVirtual, n)
		for i := range x {
			if i&distance == 0 {
				a, b := s.register(), s.register()
				lo(x[i], x[i+distance], a)
				hi(x[i], x[i+distance], b)
				out[i], out[i+distance] = a, b
			}
		}
		copy(x, out)
	}
	round(1, func(a, b, to reg.VecVirtual) { VUNPCKLPS(b, a, to) }, func(a, b, to reg.VecVirtual) { VUNPCKHPS(b, a, to) })
	round(2, func(a, b, to reg.VecVirtual) { VUNPCKLPD(b, a, to) }, func(a, b, to reg.VecVirtual) { VUNPCKHPD(b, a, to) })
	// Rows 0..3 now hold columns 0, 2, 1, 3 (mod 4) of their four rows.
	for i := 0; i < n; i += 4 {
		x[i+1], x[i+2] = x[i+2], x[i+1]
	}
	if n == 8 {
		round(4, func(a, b, to reg.VecVirtual) { VPERM2F128(U8(0x20), b, a, to) }, func(a, b, to reg.VecVirtual) { VPERM2F128(U8(0x31), b, a, to) })
		return x
	}
	even := func(a, b, to reg.VecVirtual) { VSHUFF32X4(U8(0x88), b, a, to) }
	odd := func(a, b, to reg.VecVirtual) { VSHUFF32X4(U8(0xdd), b, a, to) }
	round(4, even, odd)
	round(8, even, odd)
	return x
}
