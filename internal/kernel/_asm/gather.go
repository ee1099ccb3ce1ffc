package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gatherBytes generates func gatherBytes(out, rows, n, scale, shift): n features, a
// multiple of 16, of 16 samples of bytes become blocks of scaled floats.
// Four bytes of a sample are moved as one number: parts of 128 bits, which hold 16
// bytes of a sample, are loaded to where their sample's lanes are, and squares of 4x4
// numbers transposed within them. Each register then has four features of its samples,
// a byte each.
//
// Samples lie anywhere in a data set, so the kernel asks for their first lines before
// it begins, sample by sample for one line and then the next: of small images for all.
// Of others it then asks for those that far ahead, of four samples, by turns, in every
// round.
func (s isa) gatherBytes() {
	TEXT("gatherBytes"+s.name, NOSPLIT, "func(out *float32, rows *[16]*byte, n int, scale, shift float32)")
	Pragma("noescape")
	Doc("gatherBytes" + s.name + " turns n features, a multiple of 16, of 16 samples into blocks.")
	out, rows, n := Load(Param("out"), GP64()), Load(Param("rows"), GP64()), Load(Param("n"), GP64())
	at, row := GP64(), GP64()
	scale, shift := s.parameter("scale"), s.parameter("shift")
	low := s.register()
	VPBROADCASTD(constBits(0xff), low)
	XORQ(at, at)

	const line, ahead = 64, 1024
	Label("ask")
	for i := range 16 {
		MOVQ(Mem{Base: rows, Disp: 8 * i}, row)
		PREFETCHT0(Mem{Base: row, Index: at, Scale: 1})
	}
	ADDQ(Imm(line), at)
	CMPQ(at, U32(ahead))
	JGE(LabelRef("begun"))
	CMPQ(at, n)
	JLT(LabelRef("ask"))
	Label("begun")
	XORQ(at, at)
	last, some := GP64(), GP64()
	MOVQ(n, last) // behind it nothing is left to ask for
	SUBQ(U32(ahead), last)

	Label("loop")
	CMPQ(at, last)
	JGE(LabelRef("asked"))
	LEAQ(Mem{Base: at, Index: at, Scale: 1}, some) // 32 bytes of rows every 16
	ANDQ(Imm(3*32), some)
	for i := range 4 {
		MOVQ(Mem{Base: rows, Index: some, Scale: 1, Disp: 8 * i}, row)
		PREFETCHT0(Mem{Base: row, Index: at, Scale: 1, Disp: ahead})
	}
	Label("asked")
	for first := 0; first < 16; first += s.bytes / lane {
		x := s.registers(4)
		for i, r := range x { // samples i, i+4, ... of these
			for part := range s.bytes / 16 {
				MOVQ(Mem{Base: rows, Disp: 8 * (first + 4*part + i)}, row)
				s.loadPart(Mem{Base: row, Index: at, Scale: 1}, r, part)
			}
		}
		for i, four := range s.squares(x) {
			for k := range 4 {
				v := s.register()
				switch k {
				case 0:
					s.and(four, low, v)
				case 3:
					VPSRLD(U8(24), four, v)
				default:
					VPSRLD(U8(8*k), four, v)
					s.and(v, low, v)
				}
				VCVTDQ2PS(v, v)
				VFMADD213PS(shift, scale, v)
				VMOVUPS(v, Mem{Base: out, Disp: blockBytes*(4*i+k) + lane*first})
			}
		}
	}
	ADDQ(U32(16*blockBytes), out)
	ADDQ(Imm(16), at)
	CMPQ(at, n)
	JLT(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// loadPart loads 16 bytes into a part of a register. The first clears the others.
func (s isa) loadPart(from Mem, r reg.VecVirtual, part int) {
	switch {
	case part == 0:
		VMOVDQU(from, r.AsX())
	case s.bytes == 64:
		VINSERTI32X4(U8(part), from, r, r)
	default:
		VINSERTI128(U8(part), from, r, r)
	}
}
