package kernel

import "slices"

// product is a matrix product the SIMD kernels compute: rows lo..hi-1 of y, a
// block per place of the tiling, each a sum over terms and taps.
type product struct {
	isa     ISA
	tilings tilings
	y, x    []float32
	w, bias []float32 // bias may be nil
	more    bool      // add onto y instead of beginning with the bias
	relu    bool      // make what is not above 0 zero
	gate    []float32 // make zero what is not above 0 here; like y, may be nil
	terms   int       // summands per tap: channels
	xStep   int       // floats of x from one term to the next
	yStep   int       // floats of y from one row to the next
	wTerm   int       // floats of w from one term to the next
	wRow    int       // floats of w from one row to the next
	lo, hi  int
}

// A call works off termsTogether*footprint blocks of x, which stay in the
// first-level cache while all rows are computed, and at most callWork
// register tiles of multiply-adds: assembly cannot be preempted, so a call must
// end within a millisecond.
const cachedBlocks = 320

// compute cuts the sum into calls. A cut changes no bit: the next call goes on
// from the stored result.
func (p *product) compute() {
	flat, tall := p.tilings.flat, p.tilings.tall
	if p.lo >= p.hi || len(flat.even)+len(flat.mixed) == 0 {
		return
	}
	together := max(1, cachedBlocks/max(1, 2*flat.most))
	for term := 0; term == 0 || term < p.terms; term += together {
		c := call{term: term, terms: min(together, p.terms-term), start: startResult}
		switch {
		case p.more:
		case term == 0 && p.bias != nil:
			c.start = startBias
		case term == 0:
			c.start = startZero
		}
		switch {
		case term+c.terms < p.terms:
		case p.gate != nil:
			c.finish = finishGate
		case p.relu:
			c.finish = finishReLU
		}
		lo := p.lo
		if tall != nil {
			c.tiling = tall
			hi := lo + (p.hi-lo)/8*8
			p.tiles(c, true, tall.even, lo, hi, 8)
			p.tiles(c, false, tall.mixed, lo, hi, 8)
			lo = hi
		}
		c.tiling = flat
		p.tiles(c, true, flat.even, lo, p.hi, 4)
		p.tiles(c, false, flat.mixed[:flat.wide], lo, p.hi, 4)
		p.tiles(c, false, flat.mixed[flat.wide:], lo, p.hi, 8)
	}
}

// call is what the calls of a kernel for some terms have in common.
type call struct {
	tiling        *tiling
	term, terms   int
	start, finish int
}

// tiles computes rows lo..hi-1 of some tiles, at most `together` rows at a time.
func (p *product) tiles(c call, even bool, tiles []tile, lo, hi, together int) {
	if lo >= hi {
		return
	}
	work := max(1, c.terms*max(1, c.tiling.most)) * ((hi - lo + 3) / 4)
	for part := range slices.Chunk(tiles, max(1, callWork/work)) {
		row := lo
		for n := together; n >= 4; n /= 2 {
			if blocks := (hi - row) / n; blocks > 0 {
				p.call(c, even, part, row, blocks, n)
				row += n * blocks
			}
		}
		if row < hi {
			p.call(c, even, part, row, 1, hi-row)
		}
	}
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

// compute cuts the tiles into calls of bounded work.
func (p *weightProduct) compute() {
	t := p.tiling
	if p.lo >= p.hi || len(t.tiles) == 0 || p.groups == 0 {
		return
	}
	positions := 1
	for _, s := range t.segments {
		positions = max(positions, int(s.rows*s.cols))
	}
	tiles := max(1, callWork/(positions*p.groups*((p.hi-p.lo+3)/4)))
	for i := 0; i < len(t.tiles); i += tiles {
		part := t.tiles[i:min(i+tiles, len(t.tiles))]
		whole := (p.hi - p.lo) / 4 * 4
		if whole > 0 {
			p.call(part, p.lo, whole/4, 4)
		}
		if rest := (p.hi - p.lo) - whole; rest > 0 {
			p.call(part, p.lo+whole, 1, rest)
		}
	}
}
