package kernel

import "unsafe"

// weightProduct is a weight gradient the SIMD kernels compute: rows lo..hi-1 of dw.
// The pointers are to the first number of the first group, and to memory for sums.
type weightProduct struct {
	*weightTiling
	isa             ISA
	dw, x, dy, sums *float32
	groups          int
	lo, hi          int
}

// compute adds up what all groups have. Where the positions a tile reads fit into
// the first-level cache, or sums cannot be cut, a call does some tiles from
// beginning to end. Otherwise a batch of tiles goes through the bands of all
// groups, and its sums are kept in between.
func (p *weightProduct) compute() {
	if p.lo >= p.hi || len(p.bands[0]) == 0 || p.groups == 0 {
		return
	}
	c := weightCall{weightProduct: p}
	c.args = p.sizes
	c.args.sums = unsafe.Pointer(p.sums)
	if len(p.batches) == 0 || len(p.bands) == 1 && (p.groups == 1 || p.positions*p.groups <= p.limit) {
		c.whole()
	} else {
		c.inBands()
	}
}

// whole makes the calls that do tiles from beginning to end, each of bounded work.
func (c *weightCall) whole() {
	work := c.positions * c.groups // of a tile and four rows
	c.args.groups = c.groups
	rows := 4 * fitting(callWork, work, (c.hi-c.lo+3)/4)
	for lo := c.lo; lo < c.hi; lo += rows {
		n := min(rows, c.hi-lo)
		for _, r := range c.runs {
			together := fitting(callWork, work*((n+3)/4), r.end-r.begin)
			for i := r.begin; i < r.end; i += together {
				tiles := c.bands[0][i:min(i+together, r.end)]
				if n >= 4 {
					c.run(tiles, r.width, 0, lo, n/4, 4)
				}
				if n%4 > 0 {
					c.run(tiles, r.width, 0, lo+n/4*4, 1, n%4)
				}
			}
		}
	}
}

// gradientBlocks is how much of dy stays in the second-level cache while all of x
// passes by.
const gradientBlocks = 12288

// inBands makes the calls that do batches of tiles band by band.
func (c *weightCall) inBands() {
	c.args.groups = 1
	rows := max(4, gradientBlocks/(c.args.dyChannel/blockSize*c.groups)/4*4)
	for lo := c.lo; lo < c.hi; lo += rows {
		hi := min(c.hi, lo+rows)
		for _, b := range c.batches {
			for row := lo; row < hi; row += 4 {
				c.batch(b, row, min(4, hi-row))
			}
		}
	}
}

// batch adds the gradients of some rows for a batch of tiles.
func (c *weightCall) batch(b tileRange, row, rows int) {
	a := &c.args
	a.sumsStep, a.start, a.finish = 4*b.width*blockSize, weightsZero, weightsKept
	for g := range c.groups {
		for i, band := range c.bands {
			if g+1 == c.groups && i+1 == len(c.bands) {
				a.finish = weightsAdded
			}
			c.run(band[b.begin:b.end], b.width, g, row, 1, rows)
			a.start = weightsSums
		}
	}
}
