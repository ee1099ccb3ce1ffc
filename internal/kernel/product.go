package kernel

// product is a matrix product the SIMD kernels compute: a block of y per row and
// place of the tilings, each a sum over terms and taps.
type product struct {
	isa    ISA
	flat   *tiling // for tiles of up to four rows
	middle *tiling // for tiles of five or six, wider than tall ones; nil where there are none
	tall   *tiling // for tiles of up to eight; nil where registers do not suffice
	yRow   int     // floats of y from one row to the next
	wRow   int     // floats of w from one row to the next
}

// operands are what a product reads and writes. They point to the first number, also
// where not all rows are computed; bias, add and gate may be nil.
type operands struct {
	y, x, w, bias *float32
	add, gate     *float32 // see Ending
	relu          bool
}

// What a call reads of x stays in the first-level cache while all rows are computed; what
// the calls of one sum go on from, in the second, where few weights are anyway. With fewer
// than fewTaps a block of x is read too seldom to come from the second level again for
// every eight rows.
const (
	cachedBlocks  = 640 // of x
	fewTaps       = 4
	cachedWeights = 4096      // of all rows of a call
	nearWeights   = 16 << 10  // of all rows and terms
	resultsBytes  = 512 << 10 // of y
)

// groups computes rows lo..hi-1 of some groups; a group is in numbers of x and out
// numbers of y.
func (p *product) groups(y, x, w, bias []float32, e Ending, groups, in, out, lo, hi int) {
	if lo == hi {
		return
	}
	o := operands{w: pointer(w), bias: pointer(bias), relu: e.ReLU}
	for i := range groups {
		o.y, o.x = &y[i*out : (i+1)*out][0], pointer(x[i*in:(i+1)*in])
		if e.Add != nil {
			o.add = &e.Add[i*out : (i+1)*out][0]
		}
		if e.Gate != nil {
			o.gate = &e.Gate[i*out : (i+1)*out][0]
		}
		p.compute(&o, lo, hi)
	}
}

// pointer points to the first element, nil for an empty slice.
func pointer[T any](x []T) *T {
	if len(x) == 0 {
		return nil
	}
	return &x[0]
}

// compute computes rows lo..hi-1: as many as possible by middle and tall tiles, the rest
// by flat ones.
func (p *product) compute(o *operands, lo, hi int) {
	if p.tall != nil {
		n := tallRows(hi - lo)
		if p.middle != nil && leavesMiddle(hi-lo) {
			few := n % 8
			p.computeBy(p.middle, o, lo, lo+few)
			n, lo = n-few, lo+few
		}
		p.computeBy(p.tall, o, lo, lo+n)
		lo += n
	}
	p.computeBy(p.flat, o, lo, hi)
}

// tallRows is how many of n rows tall tiles compute. They may have five to eight, those
// of five or six being middle ones; for fewer there are flat ones, which do best with
// four.
func tallRows(n int) int {
	switch {
	case n <= 4:
		return 0
	case n%8 >= 1 && n%8 <= 4:
		return n - 4
	}
	return n
}

// leavesMiddle reports whether five or six of n rows are left where tall tiles compute
// eight at a time.
func leavesMiddle(n int) bool { return n > 4 && (n%4 == 1 || n%4 == 2) }

// computeBy computes rows lo..hi-1 by the tiles of a tiling. Long sums are cut. A
// cut changes no bit: the next call goes on from the stored result. Where there are
// many weights, the next part's are asked for before a part begins: they lie in too many
// places for the processor to guess them.
func (p *product) computeBy(t *tiling, o *operands, lo, hi int) {
	if len(t.tiles) == 0 || lo == hi {
		return
	}
	c := call{product: p, tiling: t, operands: o}
	c.begin()
	near := t.terms.count*t.most*(hi-lo) <= nearWeights
	together := fitting(resultsBytes, t.width*blockSize*(hi-lo), len(t.tiles))
	for i := 0; i < len(t.tiles); i += together {
		for term := 0; term == 0 || term < t.terms.count; term += t.together {
			c.cut(term)
			if near {
				c.rows(i, min(i+together, len(t.tiles)), lo, hi)
				continue
			}
			rows := 16 * fitting(cachedWeights/16, c.weights, (hi-lo+15)/16)
			for row := lo; row < hi; row += rows {
				if next := row + rows; next < hi {
					c.prefetch(term, next, min(hi, next+rows))
				} else if next := term + t.together; next < t.terms.count {
					c.prefetch(next, lo, min(hi, lo+rows))
				}
				c.rows(i, min(i+together, len(t.tiles)), row, min(hi, row+rows))
			}
		}
	}
}

// uncut reports whether every sum is computed from beginning to end by one call.
func (p *product) uncut() bool {
	return p.flat.uncut() && (p.tall == nil || p.tall.uncut())
}

// rows makes the calls for rows lo..hi-1 of tiles first..last-1, each of bounded work.
func (c *call) rows(first, last, lo, hi int) {
	together := fitting(callWork, c.weights*((hi-lo+3)/4), last-first)
	if hi-lo > 8 && c.most < fewTaps { // all rows for some tiles, then the next
		together = min(together, fitting(cachedBlocks, c.width*c.weights, last-first))
	}
	for ; first < last; first += together {
		end := min(first+together, last)
		row := lo
		switch n := hi - lo; {
		case c.tiling == c.product.tall, c.tiling == c.product.middle:
			row = c.blocks(first, end, row, n/8, 8)
		case n > 4 && n%4 == 1: // five are three and two: one alone is slow
			row = c.blocks(first, end, row, n/4-1, 4)
			row = c.blocks(first, end, row, 1, 3)
		default:
			row = c.blocks(first, end, row, n/4, 4)
		}
		if row < hi {
			c.blocks(first, end, row, 1, hi-row)
		}
	}
}

// blocks makes the call for n blocks of rows, and returns the row behind them.
func (c *call) blocks(first, last, row, n, rows int) int {
	if n > 0 {
		c.run(first, last, row, n, rows)
	}
	return row + n*rows
}

// fitting is how many of n pieces of a size fit into a space, at least one.
// Most often it is all of them, which takes no division.
func fitting(space, size, n int) int {
	if size*n <= space {
		return max(1, n)
	}
	return max(1, space/size)
}

// How a sum begins.
const (
	startZero = iota
	startBias
	startResult
)

// What happens to finished sums.
const (
	finishPlain = iota
	finishReLU
	finishGate
)
