package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// gatherBytes generates func gatherBytes(out, rows, n, scale, shift): n features, a
// multiple of 16, of 16 samples of bytes become blocks of scaled floats.
// 16x16 bytes are transposed at a time, by four rounds that interleave pairs of
// registers by 1, 2, 4 and 8 bytes.
func (s isa) gatherBytes() {
	TEXT("gatherBytes"+s.name, NOSPLIT, "func(out *float32, rows *[16]*byte, n int, scale, shift float32)")
	Pragma("noescape")
	Doc("gatherBytes" + s.name + " turns n features, a multiple of 16, of 16 samples into blocks.")
	out, rows, n := Load(Param("out"), GP64()), Load(Param("rows"), GP64()), Load(Param("n"), GP64())
	at, row := GP64(), GP64()
	scale, shift := s.parameter("scale"), s.parameter("shift")
	XORQ(at, at)

	Label("loop")
	// A stack buffer holds the registers between rounds: 16 registers are all
	// there are.
	buffer := AllocLocal(256)
	for half := range 2 {
		var x []reg.VecVirtual // eight samples
		for i := range 8 {
			v := XMM()
			MOVQ(Mem{Base: rows, Disp: 8 * (8*half + i)}, row)
			VMOVDQU(Mem{Base: row, Index: at, Scale: 1}, v)
			x = append(x, v)
		}
		// Rounds of samples (i, i+1), then pairs, then fours.
		x = interleaved(x, VPUNPCKLBW, VPUNPCKHBW)
		x = interleaved(x, VPUNPCKLWD, VPUNPCKHWD)
		x = interleaved(x, VPUNPCKLDQ, VPUNPCKHDQ)
		for i, pair := range []int{0, 4, 2, 6, 1, 5, 3, 7} { // of features, eight bytes each
			VMOVDQU(x[i], buffer.Offset(128*half+16*pair))
		}
	}
	for f := range 16 {
		// Eight samples from each half.
		if s.bytes == 64 {
			v, w := XMM(), ZMM()
			VMOVQ(buffer.Offset(8*f), v)
			VPINSRQ(Imm(1), buffer.Offset(128+8*f), v, v)
			VPMOVZXBD(v, w)
			VCVTDQ2PS(w, w)
			VFMADD213PS(shift, scale, w)
			VMOVUPS(w, Mem{Base: out, Disp: blockBytes * f})
			continue
		}
		for half := range 2 {
			w := YMM()
			VPMOVZXBD(buffer.Offset(128*half+8*f), w)
			VCVTDQ2PS(w, w)
			VFMADD213PS(shift, scale, w)
			VMOVUPS(w, Mem{Base: out, Disp: blockBytes*f + 32*half})
		}
	}
	ADDQ(U32(16*blockBytes), out)
	ADDQ(Imm(16), at)
	CMPQ(at, n)
	JLT(LabelRef("loop"))
	VZEROUPPER()
	RET()
}

// interleaved is one round of a transposition: neighbours are interleaved, low
// halves first. After rounds on 1, 2 and 4 bytes each of eight registers holds
// two columns, the pairs of columns in the order of reversed bits.
func interleaved(x []reg.VecVirtual, low, high func(ops ...Op)) []reg.VecVirtual {
	n := len(x)
	out := make([]reg.VecVirtual, n)
	for i := 0; i < n/2; i++ {
		lo, hi := XMM(), XMM()
		low(x[2*i+1], x[2*i], lo)
		high(x[2*i+1], x[2*i], hi)
		out[i], out[i+n/2] = lo, hi
	}
	return out
}

// prefetch generates func prefetch(p *byte, n int): it asks for n bytes to be
// brought into the second-level cache.
func prefetch() {
	TEXT("prefetch", NOSPLIT, "func(p *byte, n int)")
	Pragma("noescape")
	Doc("prefetch asks for n bytes to be brought into the second-level cache.")
	p, n := Load(Param("p"), GP64()), Load(Param("n"), GP64())
	ADDQ(p, n)
	Label("loop")
	PREFETCHT1(Mem{Base: p})
	ADDQ(Imm(64), p)
	CMPQ(p, n)
	JLT(LabelRef("loop"))
	RET()
}
