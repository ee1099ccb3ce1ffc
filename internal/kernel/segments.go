package kernel

// How the positions of a weight gradient are cut: by taps that read the same ones,
// into bands, and into rectangles that are valid for the same taps.

// weightTap is a tap: row and column of the kernel.
type weightTap struct{ r, s int }

// classes groups the taps that meet the same positions of the image: those whose
// rows and columns have the same remainders by the strides.
func (g *Conv2d) classes() [][]weightTap {
	var list [][]weightTap
	for a := range min(g.R, g.StrideH) {
		for b := range min(g.S, g.StrideW) {
			var taps []weightTap
			for r := a; r < g.R; r += g.StrideH {
				for s := b; s < g.S; s += g.StrideW {
					taps = append(taps, weightTap{r, s})
				}
			}
			list = append(list, taps)
		}
	}
	return list
}

// rectangle is output positions: rows i0..i1-1 and columns j0..j1-1.
type rectangle struct{ i0, i1, j0, j1 int }

func (r rectangle) rows() int { return r.i1 - r.i0 }
func (r rectangle) cols() int { return r.j1 - r.j0 }

// whole is all output positions.
func (g *Conv2d) whole() rectangle { return rectangle{0, g.OutH, 0, g.OutW} }

// bands cuts the output positions into rectangles of at most so many, which follow
// each other in the order of index: whole rows, or parts of a single one, of at
// most so many columns.
func (g *Conv2d) bands(positions, columns int) []rectangle {
	var list []rectangle
	rows := even(g.OutH, max(1, positions/g.OutW))
	cols := even(g.OutW, columns)
	for i := 0; i < g.OutH; i += rows {
		for j := 0; j < g.OutW; j += cols {
			list = append(list, rectangle{i, min(i+rows, g.OutH), j, min(j+cols, g.OutW)})
		}
	}
	return list
}

// ceilDiv is into how many pieces of at most so many n is cut, even the size of
// those that differ by as little as they can.
func ceilDiv(n, most int) int { return (n + most - 1) / most }

func even(n, most int) int { return ceilDiv(n, ceilDiv(n, most)) }

// segments cuts the positions of the taps (r, s0..s1-1) that lie in a band into
// rectangles: first the one all taps share, then what each has to its left and
// right. The offset into x is tap s0's, wherever that may be.
func (g *Conv2d) segments(band rectangle, r, s0, s1 int) []segment {
	i0, i1 := span(r, g.StrideH, g.Top, g.H, g.OutH)
	i0, i1 = max(i0, band.i0), min(i1, band.i1)
	if i0 >= i1 {
		return nil
	}
	columns := func(s int) (lo, hi int) {
		lo, hi = span(s, g.StrideW, g.Left, g.W, g.OutW)
		return max(lo, band.j0), min(hi, band.j1)
	}
	lo, hi := band.j0, band.j1
	for s := s0; s < s1; s++ {
		a, b := columns(s)
		lo, hi = max(lo, a), min(hi, b)
	}
	var list []segment
	add := func(j0, j1, mask int) {
		if j0 < j1 {
			row, col := i0*g.StrideH-g.Top+r, j0*g.StrideW-g.Left+s0
			list = append(list, segment{
				x: int32((row*g.W + col) * blockSize), dy: int32((i0*g.OutW + j0) * blockSize),
				rows: int32(i1 - i0), cols: int32(j1 - j0), mask: int32(mask),
			})
		}
	}
	if lo >= hi { // nothing shared
		for s := s0; s < s1; s++ {
			a, b := columns(s)
			add(a, b, 1<<(s-s0))
		}
		return list
	}
	add(lo, hi, 1<<(s1-s0)-1)
	for _, left := range []bool{true, false} {
		from, to := 0, 0
		for s := s0; s < s1; s++ {
			a, b := columns(s)
			j0, j1 := hi, b
			if left {
				j0, j1 = a, lo
			}
			if from < to && from == j0 && to == j1 { // the same as its neighbour
				list[len(list)-1].mask |= 1 << (s - s0)
				continue
			}
			from, to = j0, j1
			add(j0, j1, 1<<(s-s0))
		}
	}
	return list
}
