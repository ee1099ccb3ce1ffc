package kernel

import "unsafe"

// call computes panels of so many rows each, from a row on, for one column.
func (p *gemm) call(column, _, row, rows, panels int) {
	var a gemmArgs
	a.fill(p, column, row, panels)
	switch b := (*byte)(unsafe.Pointer(&a)); rows {
	case 6:
		gemm6x1NEON(b)
	case 4:
		gemm4x1NEON(b)
	case 3:
		gemm3x1NEON(b)
	case 2:
		gemm2x1NEON(b)
	case 1:
		gemm1x1NEON(b)
	}
}

// gemmPackPanels packs whole panels.
func (s ISA) gemmPackPanels(to, from []float32, panels, terms, panel, fromTerm int) {
	height := s.gemmHeight()
	for t := range terms {
		row := from[t*fromTerm:][:panels*height]
		for p := range panels {
			copy(to[p*panel+t*height:][:height], row[p*height:])
		}
	}
}
