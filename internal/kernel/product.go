package kernel

import "slices"

// product is a matrix product the SIMD kernels compute: rows lo..hi-1 of y, a
// block per place of the tiling, each a sum over terms and taps.
type product struct {
	isa     ISA
	tiling  *tiling
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
	t := p.tiling
	if p.lo >= p.hi || len(t.tiles) == 0 {
		return
	}
	together := max(1, cachedBlocks/max(1, 2*t.most))
	for term := 0; term == 0 || term < p.terms; term += together {
		start := startResult
		switch {
		case p.more:
		case term == 0 && p.bias != nil:
			start = startBias
		case term == 0:
			start = startZero
		}
		terms := min(together, p.terms-term)
		finish := finishPlain
		switch {
		case term+terms < p.terms:
		case p.gate != nil:
			finish = finishGate
		case p.relu:
			finish = finishReLU
		}
		rowWork := max(1, terms*max(1, t.most))
		tiles := max(1, callWork/(rowWork*((p.hi-p.lo+3)/4)))
		for part := range slices.Chunk(t.tiles[:t.wide], tiles) {
			p.rows(part, 4, term, terms, start, finish)
		}
		for part := range slices.Chunk(t.tiles[t.wide:], tiles) {
			p.rows(part, 8, term, terms, start, finish)
		}
	}
}

// rows computes all rows for some tiles: as many together as the kernels for
// tiles of their width can, then what is left.
func (p *product) rows(tiles []tile, together, term, terms, start, finish int) {
	row := p.lo
	for ; together >= 4; together /= 2 {
		if blocks := (p.hi - row) / together; blocks > 0 {
			p.call(tiles, term, terms, row, blocks, together, start, finish)
			row += together * blocks
		}
	}
	if row < p.hi {
		p.call(tiles, term, terms, row, 1, p.hi-row, start, finish)
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
