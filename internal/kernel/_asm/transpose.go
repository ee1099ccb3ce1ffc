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

// squares transposes 4x4 numbers in each part of 128 bits of four registers: by single
// numbers, then pairs.
func (s isa) squares(x []reg.VecVirtual) []reg.VecVirtual {
	a, b := s.registers(4), s.registers(4)
	for i := 0; i < 4; i += 2 {
		VUNPCKLPS(x[i+1], x[i], a[i])
		VUNPCKHPS(x[i+1], x[i], a[i+1])
	}
	for i := range 2 {
		VUNPCKLPD(a[i+2], a[i], b[2*i])
		VUNPCKHPD(a[i+2], a[i], b[2*i+1])
	}
	return b
}

// square transposes as many registers as one has numbers: squares of 4x4, then whole
// parts of 128 bits.
func (s isa) square(x []reg.VecVirtual) []reg.VecVirtual {
	n := len(x)
	for i := 0; i < n; i += 4 {
		copy(x[i:], s.squares(x[i:i+4]))
	}
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
