//go:build amd64 || arm64

package kernel

import "unsafe"

// gemmArgs is the argument of the kernels gemm<rows>x<columns>: pointers and
// numbers, sizes in bytes. Its layout is known to the generators
// (_asm/layout/gemm.go).
type gemmArgs struct {
	x, w, y, bias    unsafe.Pointer
	xColumn, yColumn int
	yRow             int
	wRow, wTerm      int
	wSegment, wPanel int
	terms, segments  int
	panels, start    int
}

// args describes panels of so many rows from a row on, for the columns from one
// on. The row is the first of a panel of p.height rows, or all that is left.
func (p *gemm) args(column, row, rows, panels int) gemmArgs {
	return gemmArgs{
		x: address(p.x, column*p.xColumn), y: address(p.y, row*p.yRow+column*p.yColumn), bias: address(p.bias, row),
		w:       address(p.w, row/p.height*p.wPanel+row%p.height*p.wRow),
		xColumn: p.xColumn * 4, yColumn: p.yColumn * 4, yRow: p.yRow * 4, wRow: p.wRow * 4, wTerm: p.wTerm * 4,
		wSegment: p.wSegment * 4, wPanel: p.wPanel * 4,
		terms: p.terms, segments: p.segments, panels: panels, start: p.start,
	}
}
