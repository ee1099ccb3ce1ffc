package kernel

// product is a matrix product the SIMD kernels compute: rows lo..hi-1 of y, a
// block per place of the tiling, each a sum over terms and taps.
type product struct {
	isa     ISA
	tilings tilings
	y, x    []float32
	w, bias []float32 // bias may be nil
	more    bool      // add onto y instead of beginning with the bias
	ending  Ending
	terms   int // summands per tap: channels
	xStep   int // floats of x from one term to the next
	yStep   int // floats of y from one row to the next
	wTerm   int // floats of w from one term to the next
	wRow    int // floats of w from one row to the next
	lo, hi  int
}

// What a call reads of x stays in the first-level cache while all rows are
// computed; what the calls of one sum go on from, in the second.
const (
	cachedBlocks  = 320  // of x
	cachedWeights = 4096 // of all rows of a call
	resultsBlocks = 4096 // of y
)

// compute computes all rows: as many as possible by tall tiles, the rest by flat
// ones.
func (p *product) compute() {
	lo := p.lo
	if t := p.tilings.tall; t != nil {
		hi := lo + tallRows(p.hi-lo)
		for width := range t.even {
			p.tiles(t, width, t.even[width], lo, hi, true)
		}
		p.tiles(t, mixed, t.mixed, lo, hi, true)
		lo = hi
	}
	t := p.tilings.flat
	for width := range t.even {
		p.tiles(t, width, t.even[width], lo, p.hi, false)
	}
	p.tiles(t, mixed, t.mixed[:t.wide], lo, p.hi, false)
	p.tiles(t, mixed, t.mixed[t.wide:], lo, p.hi, true)
}

// mixed stands for the width of mixed tiles.
const mixed = 0

// tallRows is how many of n rows tall tiles compute. They may have five to eight;
// for fewer there are flat ones, which do best with four.
func tallRows(n int) int {
	switch {
	case n <= 4:
		return 0
	case n%8 >= 1 && n%8 <= 4:
		return n - 4
	}
	return n
}

// tiles computes rows lo..hi-1 of some tiles, eight rows at a time where tall is
// set. Long sums are cut. A cut changes no bit: the next call goes on from the
// stored result.
func (p *product) tiles(t *tiling, width int, tiles []tile, lo, hi int, tall bool) {
	if len(tiles) == 0 || lo == hi {
		return
	}
	terms := fitting(cachedBlocks/2, t.most, p.terms)
	together := fitting(resultsBlocks, mostPlaces*(hi-lo), len(tiles))
	for i := 0; i < len(tiles); i += together {
		part := tiles[i:min(i+together, len(tiles))]
		for term := 0; term == 0 || term < p.terms; term += terms {
			c := call{taps: t.taps, width: width, term: term, terms: min(terms, p.terms-term), start: startResult}
			switch {
			case p.more:
			case term == 0 && p.bias != nil:
				c.start = startBias
			case term == 0:
				c.start = startZero
			}
			if term+c.terms >= p.terms {
				c.add = p.ending.Add != nil
				switch {
				case p.ending.Gate != nil:
					c.finish = finishGate
				case p.ending.ReLU:
					c.finish = finishReLU
				}
			}
			weights := c.terms * t.most // of a row
			rows := 8 * fitting(cachedWeights/8, weights, (hi-lo+7)/8)
			for row := lo; row < hi; row += rows {
				p.rows(c, part, weights, row, min(hi, row+rows), tall)
			}
		}
	}
}

// rows makes the calls for rows lo..hi-1, each of bounded work.
func (p *product) rows(c call, tiles []tile, weights, lo, hi int, tall bool) {
	together := fitting(callWork, weights*((hi-lo+3)/4), len(tiles))
	for i := 0; i < len(tiles); i += together {
		c.tiles = tiles[i:min(i+together, len(tiles))]
		row := lo
		if n := (hi - row) / 8; tall && n > 0 {
			p.call(&c, row, n, 8)
			row += 8 * n
		}
		if n := hi - row; tall && p.tilings.tall != nil && n > 4 {
			p.call(&c, row, 1, n)
			row = hi
		}
		if n := (hi - row) / 4; n > 0 {
			p.call(&c, row, n, 4)
			row += 4 * n
		}
		if row < hi {
			p.call(&c, row, 1, hi-row)
		}
	}
}

// fitting is how many of n pieces of a size fit into a space, at least one.
// Most often it is all of them, which takes no division.
func fitting(space, size, n int) int {
	if size*n <= space {
		return max(1, n)
	}
	return max(1, space/size)
}

// call is what calls of a kernel have in common. It works off at most callWork
// register tiles of multiply-adds: assembly cannot be preempted, so a call must
// end within a millisecond.
type call struct {
	tiles         []tile
	taps          []tapEntry
	width         int // of even tiles
	term, terms   int
	start, finish int
	add           bool
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

// weightProduct is a weight gradient the SIMD kernels compute: rows lo..hi-1
// of dw. Sizes are in blocks for x and dy, in numbers for dw; those of groups in
// numbers.
type weightProduct struct {
	isa             ISA
	tiling          *weightTiling
	dw, x, dy       []float32
	xCol, xRow      int // from one position to the next, from one row to the next
	dyRow           int
	dyChannel       int
	dwRow           int
	groups          int
	xGroup, dyGroup int
	lo, hi          int
}

// compute adds up what all groups have. Where the positions a tile reads fit into
// the first-level cache, or sums cannot be cut, a call does some tiles from
// beginning to end. Otherwise a batch of tiles goes through the bands of all
// groups, and its sums are kept in between.
func (p *weightProduct) compute() {
	t := p.tiling
	if p.lo >= p.hi || len(t.bands[0]) == 0 || p.groups == 0 {
		return
	}
	if len(t.batches) == 0 || len(t.bands) == 1 && (p.groups == 1 || t.positions*p.groups <= t.limit) {
		work := t.positions * p.groups // of a tile and four rows
		rows := 4 * fitting(callWork, work, (p.hi-p.lo+3)/4)
		for lo := p.lo; lo < p.hi; lo += rows {
			for _, r := range t.runs {
				p.once(t.bands[0][r.begin:r.end], r.width, work, lo, min(p.hi, lo+rows))
			}
		}
		return
	}
	var sums keptSums
	rows := max(4, gradientBlocks/(p.dyChannel*p.groups)/4*4)
	for lo := p.lo; lo < p.hi; lo += rows {
		hi := min(p.hi, lo+rows)
		for _, batch := range t.batches {
			for row := lo; row < hi; row += 4 {
				p.batch(&sums, batch, row, min(4, hi-row))
			}
		}
	}
}

// once makes the calls for rows lo..hi-1, each of bounded work, that do tiles from
// beginning to end.
func (p *weightProduct) once(tiles []weightTile, width, work, lo, hi int) {
	together := fitting(callWork, work*((hi-lo+3)/4), len(tiles))
	for i := 0; i < len(tiles); i += together {
		part, whole := tiles[i:min(i+together, len(tiles))], (hi-lo)/4*4
		if whole > 0 {
			p.call(part, width, lo, whole/4, 4)
		}
		if rest := hi - lo - whole; rest > 0 {
			p.call(part, width, lo+whole, 1, rest)
		}
	}
}

// gradientBlocks is how much of dy stays in the second-level cache while all of x
// passes by.
const gradientBlocks = 12288

// keptSums has a slot of up to four rows of weights for every tile of a batch, and
// room to begin at a cache line.
type keptSums [slotFloats*mostTogether + Lanes]float32

const slotFloats = 4 * mostWeights * Lanes
