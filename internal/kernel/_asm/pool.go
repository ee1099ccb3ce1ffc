package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// pooling is the registers of a loop over the windows of 2 x 2 of planes.
type pooling struct {
	small, big, row       reg.Register // results, images, bytes of a row of the images
	weight, zero          reg.VecVirtual
	cols, rows, planes    reg.Register
	colsLeft, rowsLeft    reg.Register
	extraCols, extraBytes reg.Register
}

// pool begins func name(small, big *float32, weight float32, cols, rows, planes, extraCols,
// extra, row int): extraCols and extra are the bytes behind the windows of a row and of
// a plane, at most a column and a row.
func (s isa) pool(name, doc string) *pooling {
	TEXT(name+s.name, NOSPLIT, "func(small, big *float32, weight float32, cols, rows, planes, extraCols, extra, row int)")
	Pragma("noescape")
	Doc(name + s.name + " " + doc)
	load := func(n string) reg.Register { return Load(Param(n), GP64()) }
	p := &pooling{
		small: load("small"), big: load("big"), cols: load("cols"), rows: load("rows"), planes: load("planes"),
		extraCols: load("extraCols"), extraBytes: load("extra"), row: load("row"),
		colsLeft: GP64(), rowsLeft: GP64(), weight: s.parameter("weight"), zero: s.register(),
	}
	s.zero(p.zero)
	return p
}

// average2x2 generates the kernel of averages over windows of 2 x 2 that touch each other
// and no padding: one chain of fused multiply-adds per number, as a convolution's.
func (s isa) average2x2() {
	p := s.pool("average2x2", "adds up weight times the four blocks of each window of planes.")
	Label("plane")
	MOVQ(p.rows, p.rowsLeft)
	Label("row")
	MOVQ(p.cols, p.colsLeft)
	Label("loop")
	for disp := 0; disp < blockBytes; disp += s.bytes {
		sum := s.register()
		VMOVAPS(p.zero, sum)
		for _, from := range []Mem{
			{Base: p.big, Disp: disp}, {Base: p.big, Disp: blockBytes + disp},
			{Base: p.big, Index: p.row, Scale: 1, Disp: disp}, {Base: p.big, Index: p.row, Scale: 1, Disp: blockBytes + disp},
		} {
			VFMADD231PS(from, p.weight, sum)
		}
		VMOVUPS(sum, Mem{Base: p.small, Disp: disp})
	}
	ADDQ(U32(2*blockBytes), p.big)
	ADDQ(Imm(blockBytes), p.small)
	DECQ(p.colsLeft)
	JNZ(LabelRef("loop"))
	ADDQ(p.extraCols, p.big)
	ADDQ(p.row, p.big)
	DECQ(p.rowsLeft)
	JNZ(LabelRef("row"))
	ADDQ(p.extraBytes, p.big)
	DECQ(p.planes)
	JNZ(LabelRef("plane"))
	VZEROUPPER()
	RET()
}

// average2x2Gradient generates the kernel of the gradient: weight times its window's
// gradient for each block, 0 for the column and the row no window reaches.
func (s isa) average2x2Gradient() {
	p := s.pool("average2x2Gradient", "stores weight times a window's block to its four places, and 0 to extra bytes behind columns and rows.")
	left := GP64()
	Label("plane")
	MOVQ(p.rows, p.rowsLeft)
	Label("row")
	MOVQ(p.cols, p.colsLeft)
	Label("loop")
	for disp := 0; disp < blockBytes; disp += s.bytes {
		share := s.register()
		VMOVAPS(p.zero, share)
		VFMADD231PS(Mem{Base: p.small, Disp: disp}, p.weight, share)
		for _, to := range []Mem{
			{Base: p.big, Disp: disp}, {Base: p.big, Disp: blockBytes + disp},
			{Base: p.big, Index: p.row, Scale: 1, Disp: disp}, {Base: p.big, Index: p.row, Scale: 1, Disp: blockBytes + disp},
		} {
			VMOVUPS(share, to)
		}
	}
	ADDQ(U32(2*blockBytes), p.big)
	ADDQ(Imm(blockBytes), p.small)
	DECQ(p.colsLeft)
	JNZ(LabelRef("loop"))
	CMPQ(p.extraCols, Imm(0))
	JEQ(LabelRef("covered"))
	for disp := 0; disp < blockBytes; disp += s.bytes {
		VMOVUPS(p.zero, Mem{Base: p.big, Disp: disp})
		VMOVUPS(p.zero, Mem{Base: p.big, Index: p.row, Scale: 1, Disp: disp})
	}
	ADDQ(Imm(blockBytes), p.big)
	Label("covered")
	ADDQ(p.row, p.big)
	DECQ(p.rowsLeft)
	JNZ(LabelRef("row"))
	MOVQ(p.extraBytes, left)
	Label("extra")
	CMPQ(left, Imm(0))
	JEQ(LabelRef("next"))
	for disp := 0; disp < blockBytes; disp += s.bytes {
		VMOVUPS(p.zero, Mem{Base: p.big, Disp: disp})
	}
	ADDQ(Imm(blockBytes), p.big)
	SUBQ(Imm(blockBytes), left)
	JMP(LabelRef("extra"))
	Label("next")
	DECQ(p.planes)
	JNZ(LabelRef("plane"))
	VZEROUPPER()
	RET()
}
