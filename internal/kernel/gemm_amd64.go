package kernel

import "unsafe"

// call computes panels of so many rows each, from a row on, for one or two
// columns from a column on.
func (p *gemm) call(column, columns, row, rows, panels int) {
	var a gemmArgs
	a.fill(p, column, row, panels)
	switch {
	case p.isa == AVX2: // a register holds half a block: they are the two columns
		a.xColumn, a.yColumn = blockSize/2, blockSize/2
		gemmAVX2(&a, rows)
	case columns == 2:
		gemmPairAVX512(&a, rows)
	default:
		gemmAVX512(&a, rows)
	}
}

func gemmPairAVX512(a *gemmArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 12:
		gemm12x2AVX512(p)
	case 10:
		gemm10x2AVX512(p)
	case 8:
		gemm8x2AVX512(p)
	case 6:
		gemm6x2AVX512(p)
	case 4:
		gemm4x2AVX512(p)
	case 3:
		gemm3x2AVX512(p)
	case 2:
		gemm2x2AVX512(p)
	case 1:
		gemm1x2AVX512(p)
	}
}

func gemmAVX512(a *gemmArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 12:
		gemm12x1AVX512(p)
	case 10:
		gemm10x1AVX512(p)
	case 8:
		gemm8x1AVX512(p)
	case 6:
		gemm6x1AVX512(p)
	case 4:
		gemm4x1AVX512(p)
	case 3:
		gemm3x1AVX512(p)
	case 2:
		gemm2x1AVX512(p)
	case 1:
		gemm1x1AVX512(p)
	}
}

func gemmAVX2(a *gemmArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 6:
		gemm6x2AVX2(p)
	case 4:
		gemm4x2AVX2(p)
	case 3:
		gemm3x2AVX2(p)
	case 2:
		gemm2x2AVX2(p)
	case 1:
		gemm1x2AVX2(p)
	}
}

// gemmPackPanels packs whole panels. The last number read is the last of the
// last row.
func (s ISA) gemmPackPanels(to, from []float32, panels, terms, panel, fromTerm int) {
	height := s.gemmHeight()
	to, from = to[:(panels-1)*panel+terms*height], from[:(terms-1)*fromTerm+panels*height]
	if s == AVX512 {
		gemmPackAVX512(&to[0], &from[0], panels, terms, panel*4, fromTerm*4)
	} else {
		gemmPackAVX2(&to[0], &from[0], panels, terms, panel*4, fromTerm*4)
	}
}
