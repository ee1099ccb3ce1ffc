package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// gemms generates the kernels of linear layers: panels of so many rows of the
// result, by one or two registers of columns. Of twelve rows by two registers, or
// six where there are 16 registers only, every block of x takes part in as many
// multiply-adds, so that nothing else takes time.
func (s isa) gemms() {
	height := 6
	if s.bytes == 64 {
		height = 12
	}
	s.gemmPack(height)
	for _, rows := range layout.GemmHeights {
		if rows > height {
			continue
		}
		s.gemm(rows, 2)
		if s.bytes == blockBytes { // else the two registers are one column
			s.gemm(rows, 1)
		}
	}
}

// gemmUnroll is how many terms a round of a kernel's loop computes.
const gemmUnroll = 4

// gemm generates the kernel for one height and width of panels: one chain of
// fused multiply-adds per number, over segments of terms. The terms of a column
// of x follow each other, a block each; rows and terms of w lie anywhere.
func (s isa) gemm(rows, columns int) {
	a := s.function(fmt.Sprintf("gemm%dx%d", rows, columns), "gemmArgs",
		fmt.Sprintf("computes panels of %d rows of a matrix product.", rows))
	w, y, bias, panels, segments := local(8), local(8), local(8), local(8), local(8)

	wRow, wTerm, xColumn := GP64(), GP64(), GP64()
	MOVQ(field(a, layout.GemmWRow), wRow)
	wRows := s.multiples(wRow, rows)
	MOVQ(field(a, layout.GemmWTerm), wTerm)
	MOVQ(field(a, layout.GemmXColumn), xColumn)
	move(field(a, layout.GemmW), w)
	move(field(a, layout.GemmY), y)
	move(field(a, layout.GemmBias), bias)
	move(field(a, layout.GemmPanels), panels)
	acc := make([][]reg.VecVirtual, rows)
	for r := range acc {
		acc[r] = s.registers(columns)
	}
	column := func(base, stride reg.Register, c int) Mem {
		if c == 0 {
			return Mem{Base: base}
		}
		return Mem{Base: base, Index: stride, Scale: 1}
	}
	// eachY visits the panel's part of y.
	eachY := func(f func(v reg.VecVirtual, m Mem)) {
		t, yRow, yColumn := GP64(), GP64(), GP64()
		MOVQ(y, t)
		MOVQ(field(a, layout.GemmYRow), yRow)
		MOVQ(field(a, layout.GemmYColumn), yColumn)
		for r := range acc {
			for c, v := range acc[r] {
				f(v, column(t, yColumn, c))
			}
			if r+1 < rows {
				ADDQ(yRow, t)
			}
		}
	}

	Label("panel")
	start := GP64()
	MOVQ(field(a, layout.GemmStart), start)
	CMPQ(start, Imm(layout.StartBias))
	JEQ(LabelRef("start_bias"))
	JGT(LabelRef("start_result"))
	for r := range acc {
		for _, v := range acc[r] {
			s.zero(v)
		}
	}
	JMP(LabelRef("started"))
	Label("start_bias")
	{
		b := GP64()
		MOVQ(bias, b)
		for r := range acc {
			VBROADCASTSS(Mem{Base: b, Disp: lane * r}, acc[r][0])
			for c := 1; c < columns; c++ {
				VMOVAPS(acc[r][0], acc[r][c])
			}
		}
	}
	JMP(LabelRef("started"))
	Label("start_result")
	eachY(func(v reg.VecVirtual, m Mem) { VMOVUPS(m, v) })
	Label("started")

	x, wt := GP64(), GP64()
	MOVQ(field(a, layout.GemmX), x)
	MOVQ(w, wt)
	move(field(a, layout.GemmSegments), segments)
	Label("segment")
	terms := GP64()
	MOVQ(field(a, layout.GemmTerms), terms)
	SUBQ(Imm(gemmUnroll), terms)
	JL(LabelRef("rest"))
	Label("terms")
	for i := range gemmUnroll {
		s.gemmTerm(acc, func(c int) Mem {
			m := column(x, xColumn, c)
			m.Disp = i * blockBytes
			return m
		}, func(r int) Mem { return wRows(wt, r) })
		ADDQ(wTerm, wt)
	}
	ADDQ(U32(gemmUnroll*blockBytes), x)
	SUBQ(Imm(gemmUnroll), terms)
	JGE(LabelRef("terms"))
	Label("rest")
	ADDQ(Imm(gemmUnroll), terms)
	JEQ(LabelRef("segment_done"))
	Label("term")
	s.gemmTerm(acc, func(c int) Mem { return column(x, xColumn, c) }, func(r int) Mem { return wRows(wt, r) })
	ADDQ(wTerm, wt)
	ADDQ(Imm(blockBytes), x)
	DECQ(terms)
	JNZ(LabelRef("term"))
	Label("segment_done")
	ADDQ(field(a, layout.GemmWSegment), wt)
	DECQ(segments)
	JNZ(LabelRef("segment"))

	eachY(func(v reg.VecVirtual, m Mem) { VMOVUPS(v, m) })

	t := GP64()
	MOVQ(field(a, layout.GemmYRow), t)
	IMUL3Q(Imm(uint64(rows)), t, t)
	ADDQ(t, y)
	MOVQ(field(a, layout.GemmWPanel), t)
	ADDQ(t, w)
	ADDQ(Imm(uint64(lane*rows)), bias)
	DECQ(panels)
	JNZ(LabelRef("panel"))
	VZEROUPPER()
	RET()
}

// gemmTerm adds w(r)*x(c) onto acc[r][c].
func (s isa) gemmTerm(acc [][]reg.VecVirtual, x, w func(int) Mem) {
	xs := s.registers(len(acc[0]))
	for c := range xs {
		VMOVUPS(x(c), xs[c])
	}
	for r := range acc {
		b := s.register()
		VBROADCASTSS(w(r), b)
		for c := range xs {
			VFMADD231PS(b, xs[c], acc[r][c])
		}
	}
}

// gemmPack generates func(to, from *float32, panels, terms, toPanel, fromTerm int):
// rows of numbers are cut into panels of a few columns. It asks for the rows it
// will need: they lie too far apart for the processor to guess.
func (s isa) gemmPack(height int) {
	TEXT("gemmPack"+s.name, NOSPLIT, "func(to, from *float32, panels, terms, toPanel, fromTerm int)")
	Pragma("noescape")
	Doc(fmt.Sprintf("gemmPack%s copies rows of panels*%d numbers into panels of %d columns. Strides are in bytes.", s.name, height, height))
	to, from := Load(Param("to"), GP64()), Load(Param("from"), GP64())
	panels, terms := Load(Param("panels"), GP64()), Load(Param("terms"), GP64())
	toPanel, fromTerm := Load(Param("toPanel"), GP64()), Load(Param("fromTerm"), GP64())
	parts := []reg.VecVirtual{YMM(), XMM()} // eight and four numbers
	if height == 6 {
		parts = []reg.VecVirtual{XMM()} // four, and two in a general register
	}
	fromPanel, t, f, part, left := GP64(), GP64(), GP64(), GP64(), GP64()
	panelsLeft, toPart := local(8), local(8)

	// Some rows at a time: a panel a row would be a page a row.
	const together, ahead = 4, 8
	Label("rows")
	MOVQ(U32(together), part)
	CMPQ(terms, part)
	CMOVQLT(terms, part)
	MOVQ(from, fromPanel)
	MOVQ(to, toPart)
	MOVQ(panels, panelsLeft)
	Label("panel")
	MOVQ(toPart, t)
	MOVQ(fromPanel, f)
	MOVQ(part, left)
	Label("row")
	PREFETCHT0(Mem{Base: f, Index: fromTerm, Scale: ahead})
	at := 0
	for _, v := range parts {
		VMOVUPS(Mem{Base: f, Disp: at}, v)
		VMOVUPS(v, Mem{Base: t, Disp: at})
		at += int(v.Size())
	}
	if at < height*lane {
		v := GP64()
		MOVQ(Mem{Base: f, Disp: at}, v)
		MOVQ(v, Mem{Base: t, Disp: at})
	}
	ADDQ(fromTerm, f)
	ADDQ(Imm(uint64(height*lane)), t)
	DECQ(left)
	JNZ(LabelRef("row"))
	ADDQ(Imm(uint64(height*lane)), fromPanel)
	ADDQ(toPanel, toPart)
	DECQ(panelsLeft)
	JNZ(LabelRef("panel"))
	MOVQ(fromTerm, f)
	IMULQ(part, f)
	ADDQ(f, from)
	IMUL3Q(U8(height*lane), part, f)
	ADDQ(f, to)
	SUBQ(part, terms)
	JNZ(LabelRef("rows"))
	VZEROUPPER()
	RET()
}
