package main

import (
	"fmt"

	"gradus/internal/kernel/_asm/layout"
)

// gemmHeight is the rows of the highest panel of a matrix product: its 24 sums,
// four quarters per row, leave registers for the operands.
const gemmHeight = 6

// gemms generates the kernels of linear layers, see the amd64 generator.
func (a *assembler) gemms() {
	for _, rows := range layout.GemmHeights {
		if rows <= gemmHeight {
			a.gemm(rows)
		}
	}
}

// gemm generates the kernel for one height of panels and one column: one chain
// of fused multiply-adds per number, over segments of terms.
func (a *assembler) gemm(rows int) {
	a.function(fmt.Sprintf("gemm%dx1", rows),
		fmt.Sprintf("computes panels of %d rows of a matrix product. The argument is a *gemmArgs.", rows),
		0, []param{{"a", "*byte"}}, "")
	arg := a.load("a")
	acc, xs, b := a.accumulators(rows, quarters), a.vectorsOf(quarters), a.vector()
	w, y, bias, panels := a.general(), a.general(), a.general(), a.general()
	wRow, wTerm, wSegment, wPanel, yRow := a.general(), a.general(), a.general(), a.general(), a.general()
	x, wt, terms, segments, t := a.general(), a.general(), a.general(), a.general(), a.general()
	for _, f := range []struct {
		offset int
		to     general
	}{
		{layout.GemmW, w}, {layout.GemmY, y}, {layout.GemmBias, bias}, {layout.GemmPanels, panels}, {layout.GemmWRow, wRow},
		{layout.GemmWTerm, wTerm}, {layout.GemmWSegment, wSegment}, {layout.GemmWPanel, wPanel}, {layout.GemmYRow, yRow},
	} {
		a.op("MOVD", at(arg, f.offset), f.to)
	}

	a.label("panel")
	a.op("MOVD", at(arg, layout.GemmStart), t)
	a.op("CMP", imm(layout.StartBias), t)
	a.op("BEQ", "startBias")
	a.op("BGT", "startResult")
	for _, row := range acc {
		for _, v := range row {
			a.zero(v)
		}
	}
	a.op("B", "started")
	a.label("startBias")
	a.op("MOVD", bias, t)
	for _, row := range acc {
		a.op("VLD1R.P", at(t, 4), group(row[0]))
		for _, v := range row[1:] {
			a.move(row[0], v)
		}
	}
	a.op("B", "started")
	a.label("startResult")
	a.op("MOVD", y, t)
	for _, row := range acc {
		a.op("VLD1.P", after(t, yRow), group(row...))
	}
	a.label("started")

	a.op("MOVD", at(arg, layout.GemmX), x)
	a.op("MOVD", w, wt)
	a.op("MOVD", at(arg, layout.GemmSegments), segments)
	a.label("segment")
	a.op("MOVD", at(arg, layout.GemmTerms), terms)
	a.label("term")
	a.op("VLD1.P", at(x, blockBytes), group(xs...))
	a.op("MOVD", wt, t)
	for _, row := range acc {
		a.op("VLD1R.P", after(t, wRow), group(b))
		for q, v := range row {
			a.multiplyAdd(xs[q], b, v)
		}
	}
	a.op("ADD", wTerm, wt)
	a.op("SUB", imm(1), terms)
	a.op("CBNZ", terms, "term")
	a.op("ADD", wSegment, wt)
	a.op("SUB", imm(1), segments)
	a.op("CBNZ", segments, "segment")

	for _, row := range acc {
		a.op("VST1.P", group(row...), after(y, yRow))
	}
	a.op("ADD", wPanel, w)
	a.op("ADD", imm(4*rows), bias)
	a.op("SUB", imm(1), panels)
	a.op("CBNZ", panels, "panel")
	a.op("RET")
}
