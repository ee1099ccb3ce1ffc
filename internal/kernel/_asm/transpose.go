package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// quarterBytes is what shuffles within a register cannot leave: four numbers.
const quarterBytes = 4 * lane

// transposition generates func(to, from *float32, toStride, fromStride, count,
// toNext, fromNext int): 16 rows of 16 numbers become 16 columns, count times.
// Strides and the distances to the next are in bytes.
//
// Numbers move between quarters of a register as they are read: a register gets
// four columns of a row, of the row four below, and so on. That takes the place of
// half of the shuffles, for which there is one unit only.
func (s isa) transposition() {
	TEXT("transpose"+s.name, NOSPLIT, "func(to, from *float32, toStride, fromStride, count, toNext, fromNext int)")
	Pragma("noescape")
	Doc("transpose" + s.name + " writes 16 rows of 16 numbers as 16 columns, count times. Strides are in bytes.")
	to, from := Load(Param("to"), GP64()), Load(Param("from"), GP64())
	toStride, fromStride := Load(Param("toStride"), GP64()), Load(Param("fromStride"), GP64())
	count := Load(Param("count"), GP64())
	toRow, fromRow := s.multiples(toStride, 4), s.multiples(fromStride, 4)
	quarters := s.bytes / quarterBytes

	Label("square")
	row := GP64()
	MOVQ(from, row)
	for top := 0; top < 16; top += 4 * quarters {
		below := []reg.Register{row}
		for range quarters - 1 {
			p := GP64()
			LEAQ(Mem{Base: below[len(below)-1], Index: fromStride, Scale: 4}, p)
			below = append(below, p)
		}
		column := GP64()
		LEAQ(Mem{Base: to, Disp: lane * top}, column)
		for left := 0; left < 16; left += 4 {
			x := s.registers(4)
			for i, v := range x {
				for q, p := range below {
					m := fromRow(p, i)
					m.Disp = lane * left
					s.readQuarter(m, q, v)
				}
			}
			for i, v := range s.squares(x) {
				VMOVUPS(v, toRow(column, i))
			}
			if left < 12 {
				LEAQ(Mem{Base: column, Index: toStride, Scale: 4}, column)
			}
		}
		if top+4*quarters < 16 {
			LEAQ(Mem{Base: below[len(below)-1], Index: fromStride, Scale: 4}, row)
		}
	}
	ADDQ(Load(Param("toNext"), GP64()), to)
	ADDQ(Load(Param("fromNext"), GP64()), from)
	DECQ(count)
	JNZ(LabelRef("square"))
	VZEROUPPER()
	RET()
}

// readQuarter reads four numbers into a quarter of a register. The first ones go
// to all quarters.
func (s isa) readQuarter(m Mem, quarter int, v reg.VecVirtual) {
	switch {
	case quarter == 0 && s.bytes == 64:
		VBROADCASTF32X4(m, v)
	case quarter == 0:
		VBROADCASTF128(m, v)
	case s.bytes == 64:
		VINSERTF32X4(U8(quarter), m, v, v)
	default:
		VINSERTF128(U8(quarter), m, v, v)
	}
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
