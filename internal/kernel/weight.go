package kernel

import "slices"

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
	keeps     bool        // whether sums go on from one band to the next
	batches   []tileRange // the same in every band; none where sums are not cut
	runs      []tileRange // all tiles
	segments  []segment
	positions int // of the largest band
	limit     int // positions for which all tiles stay in the first-level cache
	xStep     int // blocks from one weight of a tile to the next
	dwStep    int // numbers
	slots     int // numbers of the sums of a batch, or of a tile, and four rows
	sizes     weightArgs
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

// loneBand is up to how many positions a single tap visits at once: with the groups of
// a large batch, a call's work.
const loneBand = 4096

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
// sums from one call to the next get a single band, whose tiles visit the positions
// of all bands one after the other.
func (g *Conv2d) weightTiles(width int, keeps bool) *weightTiling {
	t := &weightTiling{xStep: g.H * g.W, dwStep: g.R * g.S}
	if keeps { // where a register is half a block, the first half's sums wait for the second's
		t.slots = 4 * width * Lanes
	}
	parts, most := ceilDiv(g.C, width), 1
	if g.C < fewChannels {
		t.xStep, t.dwStep = 1, 1
	} else {
		most = ceilDiv(g.C, parts)
	}
	t.limit = g.bandPositions(most)
	bands := g.bands(t.limit, 16*t.limit)
	if g.R*g.S == 1 && g.OutH*g.OutW <= loneBand { // a single tap shares its positions with none
		bands, keeps = []rectangle{g.whole()}, false
	}
	if t.keeps = keeps; keeps {
		t.bands, t.positions = make([][]weightTile, len(bands)), bands[0].rows()*bands[0].cols()
	} else {
		t.bands, t.positions = make([][]weightTile, 1), g.OutH*g.OutW
	}
	if g.C < fewChannels {
		for r := range g.R {
			for s := 0; s < g.S; s += tapsTogether {
				for c := range g.C {
					t.add(g, bands, weightTap{r, s}, min(tapsTogether, g.S-s), c, 1)
				}
			}
		}
		t.endRun(tapsTogether)
		t.measure(g)
		return t
	}
	for part := range parts { // channels outermost: they stay in the cache
		c, next := part*g.C/parts, (part+1)*g.C/parts
		for _, taps := range g.classes() {
			for _, tap := range taps {
				t.add(g, bands, tap, 1, c, next-c)
			}
		}
		t.endRun(next - c)
	}
	t.measure(g)
	return t
}

// add adds a tile of neighbouring taps of a channel, or of one tap of channels that
// follow each other.
func (t *weightTiling) add(g *Conv2d, bands []rectangle, tap weightTap, taps, c, channels int) {
	lists := make([][]segment, len(bands))
	for i, b := range bands {
		lists[i] = g.segments(b, tap.r, tap.s, tap.s+taps)
		for j := range lists[i] {
			if channels > 1 {
				lists[i][j].mask = 1<<channels - 1 // the same positions for all
			}
		}
	}
	all := slices.Concat(lists...)
	if len(all) == 0 {
		return // never meets the image
	}
	if !t.keeps {
		lists = [][]segment{all}
	}
	for i, list := range lists {
		t.append(i, list, max(taps, channels), c*g.H*g.W, (c*g.R+tap.r)*g.S+tap.s)
	}
}

// endRun makes a range of the tiles since the last one, and cuts it into batches.
func (t *weightTiling) endRun(width int) {
	begin, end := 0, len(t.bands[0])
	if n := len(t.runs); n > 0 {
		begin = t.runs[n-1].end
	}
	t.runs = append(t.runs, tileRange{begin, end, width})
	for i := begin; t.keeps && i < end; i += mostTogether {
		b := tileRange{i, min(i+mostTogether, end), width}
		t.batches, t.slots = append(t.batches, b), max(t.slots, (b.end-b.begin)*4*width*Lanes)
	}
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
