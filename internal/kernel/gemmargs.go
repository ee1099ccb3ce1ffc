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

// fill describes panels of so many rows from a row on, for the columns from one on. The
// row is the first of a panel of p.height rows, or all that is left. Arguments are filled
// in where the kernel reads them: copies of what was just stored wait for it.
func (a *gemmArgs) fill(p *gemm, column, row, panels int) {
	a.x, a.y, a.bias = address(p.x, column*p.xColumn), address(p.y, row*p.yRow+column*p.yColumn), address(p.bias, row)
	a.w = address(p.w, row/p.height*p.wPanel+row%p.height*p.wRow)
	a.xColumn, a.yColumn, a.yRow, a.wRow, a.wTerm = p.xColumn*4, p.yColumn*4, p.yRow*4, p.wRow*4, p.wTerm*4
	a.wSegment, a.wPanel = p.wSegment*4, p.wPanel*4
	a.terms, a.segments, a.panels, a.start = p.terms, p.segments, panels, p.start
}
