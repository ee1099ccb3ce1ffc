package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	"gradus/internal/kernel/_asm/layout"
)

// denses generates the kernels of small linear layers, for one group of samples
// mostly. They want registers for a block of features, one each.
func (s isa) denses() {
	if s.bytes < blockBytes {
		return
	}
	for _, rows := range layout.GemmHeights {
		s.denseWeight(rows)
	}
	s.denseData()
}

// denseWeight generates the kernel behind weight gradients for so many outputs. It
// transposes a block of features of a group, four samples at a time, and adds up
// their products with the gradients, then goes on with the next group. That needs
// no memory, and while there are shuffles to do the multiply-adds of other samples
// are done beside them.
func (s isa) denseWeight(rows int) {
	a := s.function(fmt.Sprintf("denseWeight%d", rows), "denseWeightArgs",
		fmt.Sprintf("computes blocks of columns of %d rows of a weight gradient.", rows))
	x, dw, blocks := GP64(), GP64(), GP64()
	MOVQ(field(a, layout.DenseWeightX), x)
	MOVQ(field(a, layout.DenseWeightDW), dw)
	MOVQ(field(a, layout.DenseWeightBlocks), blocks)
	acc := s.registers(rows)

	Label("block")
	for _, v := range acc {
		s.zero(v)
	}
	features, dy, groups := GP64(), GP64(), GP64()
	MOVQ(x, features)
	MOVQ(field(a, layout.DenseWeightDY), dy)
	MOVQ(field(a, layout.DenseWeightGroups), groups)
	Label("group")
	for first := 0; first < lanes; first += 4 {
		v := s.registers(4)
		for i := range v {
			for quarter := range 4 {
				s.readQuarter(Mem{Base: features, Disp: (4*quarter+i)*blockBytes + first*lane}, quarter, v[i])
			}
		}
		for i, sample := range s.squares(v) {
			for r := range acc {
				VFMADD231PS_BCST(Mem{Base: dy, Disp: r*blockBytes + (first+i)*lane}, sample, acc[r])
			}
		}
	}
	ADDQ(field(a, layout.DenseWeightXGroup), features)
	ADDQ(field(a, layout.DenseWeightDYGroup), dy)
	DECQ(groups)
	JNZ(LabelRef("group"))

	to, dwRow := GP64(), GP64()
	MOVQ(dw, to)
	MOVQ(field(a, layout.DenseWeightDWRow), dwRow)
	for r, v := range acc {
		VMOVUPS(v, Mem{Base: to})
		if r+1 < rows {
			ADDQ(dwRow, to)
		}
	}
	ADDQ(U32(lanes*blockBytes), x)
	ADDQ(U8(blockBytes), dw)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// denseData generates the kernel behind data gradients: blocks of features of a
// group, and where they are to be gated by another block, that.
func (s isa) denseData() {
	a := s.function("denseData", "denseDataArgs", "computes blocks of features of a data gradient.")
	dx, w, gate, wRow, blocks := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVQ(field(a, layout.DenseDataDX), dx)
	MOVQ(field(a, layout.DenseDataW), w)
	MOVQ(field(a, layout.DenseDataGate), gate)
	MOVQ(field(a, layout.DenseDataWRow), wRow)
	MOVQ(field(a, layout.DenseDataBlocks), blocks)
	acc, v, zero := s.registers(lanes), s.register(), s.register()
	s.zero(zero)

	Label("block")
	for _, sum := range acc {
		s.zero(sum)
	}
	dy, wt, terms := GP64(), GP64(), GP64()
	MOVQ(field(a, layout.DenseDataDY), dy)
	MOVQ(field(a, layout.DenseDataTerms), terms)
	MOVQ(w, wt)
	Label("term")
	VMOVUPS(Mem{Base: dy}, v)
	for r := range acc {
		VFMADD231PS_BCST(Mem{Base: wt, Disp: r * lane}, v, acc[r])
	}
	ADDQ(wRow, wt)
	ADDQ(U8(blockBytes), dy)
	DECQ(terms)
	JNZ(LabelRef("term"))

	TESTQ(gate, gate)
	JNE(LabelRef("gate"))
	for r, sum := range acc {
		VMOVUPS(sum, Mem{Base: dx, Disp: r * blockBytes})
	}
	JMP(LabelRef("stored"))
	Label("gate")
	for r, sum := range acc {
		VMOVUPS(s.gate(Mem{Base: gate, Disp: r * blockBytes}, sum, zero, v), Mem{Base: dx, Disp: r * blockBytes})
	}
	ADDQ(U32(lanes*blockBytes), gate)
	Label("stored")
	ADDQ(U32(lanes*blockBytes), dx)
	ADDQ(U8(lanes*lane), w)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}
