package kernel

// gemm is a matrix product the SIMD kernels compute:
//
//	y[row][column] = start + sum over segments and terms of w[row][term] * x[column][term]
//
// where numbers of x and y are blocks, and those of w single numbers. A sum is
// one chain of fused multiply-adds in the order of the terms. Rows are computed
// in panels of `height`, which may follow each other anywhere (see
// gemmPack); the terms of a column of x follow each other.
type gemm struct {
	isa              ISA
	height           int
	x, w, y, bias    []float32
	xColumn, yColumn int // numbers from one column to the next
	yRow             int // from one row to the next
	wRow, wTerm      int
	wPanel           int // from one panel to the next
	wSegment         int // from the end of a segment to the next
	terms, segments  int // terms of a segment
	start            int
}

// compute does all rows of so many columns. Columns come one after the other,
// or two by two: theirs is the part of x that stays in the first-level cache,
// and w passes by.
func (p *gemm) compute(columns, rows int) {
	together := p.isa.gemmColumns()
	for c := 0; c < columns; {
		n := min(together, columns-c)
		if panels := rows / p.height; panels > 0 {
			p.call(c, n, 0, p.height, panels)
		}
		for row := rows / p.height * p.height; row < rows; {
			height := lowerPanel(rows - row)
			p.call(c, n, row, height, 1)
			row += height
		}
		c += n
	}
}

// lowerPanel is the height of the panel that begins with so many rows left: all
// of them, or where there is no kernel for that about half.
func lowerPanel(rows int) int {
	switch rows {
	case 11:
		return 8
	case 9:
		return 6
	case 7:
		return 4
	case 5:
		return 3
	}
	return rows
}

// gemmHeight is how many rows a panel has, gemmColumns how many columns are
// computed together.
func (s ISA) gemmHeight() int {
	if s == AVX512 {
		return 12
	}
	return 6
}

func (s ISA) gemmColumns() int {
	if s == AVX512 {
		return 2
	}
	return 1
}

// gemmPanel is the distance of the panels of packed rows: their numbers, and a
// cache line that keeps the distance from being a multiple of the size of a page.
// Such panels would fight for the same places of the cache.
func (s ISA) gemmPanel(terms int) int { return terms*s.gemmHeight() + Lanes }

// gemmPack copies rows of w, the terms of a product, into panels of columns,
// its rows: what a panel reads is then one stretch of memory.
func (s ISA) gemmPack(to, from []float32, rows, terms, fromTerm int) {
	height, panel := s.gemmHeight(), s.gemmPanel(terms)
	whole := rows / height
	if whole > 0 {
		s.gemmPackPanels(to, from, whole, terms, panel, fromTerm)
	}
	if rest := rows - whole*height; rest > 0 {
		to, from = to[whole*panel:], from[whole*height:]
		for t := range terms {
			copy(to[t*height:][:rest], from[t*fromTerm:])
		}
	}
}
