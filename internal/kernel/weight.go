package kernel

// The SIMD kernels compute weight gradients by register tiles, too: up to four
// output channels by up to `width` weights, each sum over rectangles of
// positions called segments (see _asm/weight.go).

// weightTile is the weights that are computed together: consecutive input
// channels at one tap, or neighbouring taps of one channel. Offsets are in
// bytes; x[0] is the first weight's, the others are relative to it.
type weightTile struct {
	x         [4]int32
	dw        [4]int32
	segmentLo int32
	segmentHi int32
	count     int32
	unused    int32
}

// segment is a rectangle of positions, valid for the weights of the mask.
type segment struct {
	x, dy      int32 // offsets of its first block
	rows, cols int32
	mask       int32
}

const (
	weightTileBytes = 48
	segmentBytes    = 20
)

// weightTiling is the weight tiles of a geometry.
type weightTiling struct {
	tiles    []weightTile
	segments []segment
}

// fewChannels is the number of input channels below which tiles are made of
// neighbouring taps instead of channels; tapsTogether is how many. Both are part
// of the definition of the sum: they decide the order of its terms.
const (
	fewChannels  = 3
	tapsTogether = 3
)

// weightTiles is the tiling of a convolution's weights.
func (g *Conv2d) weightTiles(width int) *weightTiling {
	t := &weightTiling{}
	if g.C < fewChannels {
		for r := range g.R {
			for s := 0; s < g.S; s += tapsTogether {
				g.tapTiles(t, r, s, min(s+tapsTogether, g.S))
			}
		}
		return t
	}
	for c := 0; c < g.C; c += width { // channels outermost: they stay in the cache
		n := min(width, g.C-c)
		for r := range g.R {
			for s := range g.S {
				list := g.segments(r, s, s+1)
				for i := range list {
					list[i].mask = 1<<n - 1 // the same positions for all
				}
				if len(list) > 0 {
					t.append(list, n, func(i int) (x, dw int) {
						return (c + i) * g.H * g.W, ((c+i)*g.R+r)*g.S + s
					})
				}
			}
		}
	}
	return t
}

// tapTiles adds tiles of the taps s0..s1-1 of row r, for every input channel.
func (g *Conv2d) tapTiles(t *weightTiling, r, s0, s1 int) {
	list := g.segments(r, s0, s1)
	for c := 0; c < g.C && len(list) > 0; c++ {
		t.append(list, s1-s0, func(i int) (x, dw int) {
			return c*g.H*g.W + i, (c*g.R+r)*g.S + s0 + i
		})
	}
}

// segments cuts the positions of the taps (r, s0..s1-1) into rectangles: first
// the one all taps share, then what each has to its left and right. The offset
// into x is tap s0's, wherever that may be.
func (g *Conv2d) segments(r, s0, s1 int) []segment {
	i0, i1 := span(r, g.StrideH, g.Top, g.H, g.OutH)
	if i0 == i1 {
		return nil
	}
	lo, hi := 0, g.OutW
	for s := s0; s < s1; s++ {
		a, b := span(s, g.StrideW, g.Left, g.W, g.OutW)
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
			a, b := span(s, g.StrideW, g.Left, g.W, g.OutW)
			add(a, b, 1<<(s-s0))
		}
		return list
	}
	add(lo, hi, 1<<(s1-s0)-1)
	for s := s0; s < s1; s++ {
		a, b := span(s, g.StrideW, g.Left, g.W, g.OutW)
		add(a, lo, 1<<(s-s0))
		add(hi, b, 1<<(s-s0))
	}
	return list
}

// append adds a tile of n weights; at gives a weight's blocks in x and its
// index in dw.
func (t *weightTiling) append(list []segment, n int, at func(i int) (x, dw int)) {
	first := find(t.segments, list)
	if first < 0 {
		first = len(t.segments)
		t.segments = append(t.segments, list...)
	}
	w := weightTile{
		segmentLo: int32(first * segmentBytes), segmentHi: int32((first + len(list)) * segmentBytes), count: int32(n),
	}
	x0, _ := at(0)
	for i := range w.x {
		x, dw := at(min(i, n-1))
		w.x[i], w.dw[i] = int32((x-x0)*blockSize), int32(dw*4)
	}
	w.x[0] = int32(x0 * blockSize)
	t.tiles = append(t.tiles, w)
}
