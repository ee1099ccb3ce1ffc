package kernel

// The SIMD kernels compute weight gradients by register tiles, too: up to four
// output channels by up to `width` weights, each sum over rectangles of
// positions called segments (see _asm/weight.go).

// weightTile is the weights that are computed together: consecutive input
// channels at one tap, or neighbouring taps of one channel. Offsets are in bytes,
// of the first weight; the others follow at the tiling's steps.
type weightTile struct {
	x, dw     int32
	segmentLo int32
	segmentHi int32
	count     int32
}

// segment is a rectangle of positions, valid for the weights of the mask.
type segment struct {
	x, dy      int32 // offsets of its first block
	rows, cols int32
	mask       int32
}

const (
	weightTileBytes = 20
	segmentBytes    = 20
)

// weightTiling is the weight tiles of a geometry. Every tile is listed once per
// band of positions, with the segments that lie in it; batches are tiles that go
// through the bands together.
type weightTiling struct {
	bands     [][]weightTile
	batches   []tileRange // the same in every band; none where sums are not cut
	runs      []tileRange // all tiles
	segments  []segment
	positions int // of the largest band
	limit     int // positions for which all tiles stay in the first-level cache
	xStep     int // blocks from one weight of a tile to the next
	dwStep    int // numbers
}

// tileRange is tiles from begin to end-1 whose kernel computes so many weights.
type tileRange struct{ begin, end, width int }

// fewChannels is the number of input channels below which tiles are made of
// neighbouring taps instead of channels; tapsTogether is how many. Both are part
// of the definition of the sum: they decide the order of its terms.
const (
	fewChannels  = 3
	tapsTogether = 3
)

// A band is as many positions as read no more blocks of x and dy than stay in the
// first-level cache, but not so few that the sums, which go on from those of the band
// before, take more time than they bring.
const (
	cachedGradients = 640
	fewestPositions = 49
)

// mostTogether is the number of tiles of a batch: their sums lie in the
// first-level cache as well.
const mostTogether = 9

// bandPositions is how many positions a band has at most. Each reads four blocks of
// dy, and of x as many as are new, per channel of a tile.
func (g *Conv2d) bandPositions(channels int) int {
	fresh := min(g.R, g.StrideH) * min(g.S, g.StrideW)
	return max(fewestPositions, cachedGradients/(4+channels*fresh))
}

// weightTiles is the tiling of a convolution's weights. Kernels that cannot keep
// sums from one call to the next get a single band.
func (g *Conv2d) weightTiles(width int, keeps bool) *weightTiling {
	t := &weightTiling{xStep: g.H * g.W, dwStep: g.R * g.S}
	parts, most := (g.C+width-1)/width, 1
	if g.C < fewChannels {
		t.xStep, t.dwStep = 1, 1
	} else {
		most = (g.C + parts - 1) / parts
	}
	bands := []rectangle{g.whole()}
	t.limit = g.bandPositions(most)
	if g.R*g.S > 1 { // a single tap shares its positions with none
		bands = g.bands(t.limit, 16*t.limit)
	} else {
		keeps = false
	}
	t.positions = bands[0].rows() * bands[0].cols()
	t.bands = make([][]weightTile, len(bands))
	if !keeps {
		t.positions, t.bands = g.OutH*g.OutW, t.bands[:1]
	}
	// add adds a tile of the taps s0..s1-1 of row r, of channels c0..c1-1.
	add := func(r, s0, s1, c0, c1 int) {
		var all []segment
		lists := make([][]segment, len(bands))
		for i, b := range bands {
			lists[i] = g.segments(b, r, s0, s1)
			for j := range lists[i] {
				if c1-c0 > 1 {
					lists[i][j].mask = 1<<(c1-c0) - 1 // the same positions for all
				}
			}
			all = append(all, lists[i]...)
		}
		if len(all) == 0 {
			return // never meets the image
		}
		if !keeps {
			lists = [][]segment{all}
		}
		for i, list := range lists {
			t.append(i, list, max(s1-s0, c1-c0), c0*g.H*g.W, (c0*g.R+r)*g.S+s0)
		}
	}
	// run cuts the tiles made since begin, of one width, into batches.
	run := func(begin, width int) {
		end := len(t.bands[0])
		t.runs = append(t.runs, tileRange{begin, end, width})
		for i := begin; keeps && i < end; i += mostTogether {
			t.batches = append(t.batches, tileRange{i, min(i+mostTogether, end), width})
		}
	}
	if g.C < fewChannels {
		for r := range g.R {
			for s := 0; s < g.S; s += tapsTogether {
				for c := range g.C {
					add(r, s, min(s+tapsTogether, g.S), c, c+1)
				}
			}
		}
		run(0, tapsTogether)
		return t
	}
	for part := range parts { // channels outermost: they stay in the cache
		begin, c0, c1 := len(t.bands[0]), part*g.C/parts, (part+1)*g.C/parts
		for _, taps := range g.classes() {
			for _, tap := range taps {
				add(tap.r, tap.s, tap.s+1, c0, c1)
			}
		}
		run(begin, c1-c0)
	}
	return t
}

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

// even is the size of pieces of n, at most most, that differ by as little as they
// can.
func even(n, most int) int {
	pieces := (n + most - 1) / most
	return (n + pieces - 1) / pieces
}

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

// append adds a tile of n weights to a band: block x of x and weight dw, and
// those that follow.
func (t *weightTiling) append(band int, list []segment, n, x, dw int) {
	first := find(t.segments, list)
	if first < 0 {
		first = len(t.segments)
		t.segments = append(t.segments, list...)
	}
	t.bands[band] = append(t.bands[band], weightTile{
		x: int32(x * blockSize), dw: int32(dw * 4),
		segmentLo: int32(first * segmentBytes), segmentHi: int32((first + len(list)) * segmentBytes), count: int32(n),
	})
}
