package kernel

import (
	"slices"
	"unsafe"
)

// A band is as many positions as what a register tile reads of dy stays in the
// first-level cache for: a KB per position and place, which neighbouring taps
// share.
const (
	bandOfTaps   = 28
	bandOfBlocks = 14
)

// channelBand is positions that are computed together, with the tiles of weights
// for one block of output channels, whose places are taps, and for more, whose
// places are the blocks.
type channelBand struct {
	positions    rectangle
	first, count int
	x            int // the block of x that offsets begin at
	tiles        [mostBlocks + 1]channelTiles
}

// channelTiles are the tiles for so many blocks of output channels.
type channelTiles struct {
	tiles []channelTile
	taps  []channelTap
	work  int // samples of all taps
}

// channelTile is the places that are computed together: a weight each, of a block
// of output channels. Offsets are in bytes, of dy and the result.
type channelTile struct {
	x, y  [mostBlocks]int32
	tapLo int32 // offset of the first tap
	tapHi int32 // offset behind the last
	count int32 // places; those beyond repeat the first
}

// channelTap is a position of the image, where the places of a mask meet it.
type channelTap struct {
	x    int32 // offset from a place's x
	w    int32 // offset of the position
	mask int32 // bit p: valid for place p
}

const (
	channelTileBytes = int(unsafe.Sizeof(channelTile{}))
	channelTapBytes  = int(unsafe.Sizeof(channelTap{}))
)

// mostBlocks is how many blocks of output channels are computed together at most,
// or taps.
const mostBlocks = 3

// together is how many of n are computed together next: three, or two where that
// leaves no single one.
func together(n int) int {
	if n == 4 {
		return 2
	}
	return min(n, mostBlocks)
}

// blocksTogether is how many of n blocks of output channels are computed together
// next: one, where three neighbouring taps read the same positions of the image,
// for they read the same rows of dy as well.
func (g *Conv2d) blocksTogether(n int) int {
	if (g.S+g.StrideW-1)/g.StrideW >= mostBlocks {
		return 1
	}
	return together(n)
}

// channelBands cuts the positions into bands and makes their tiles.
func (g *Conv2d) channelBands() []channelBand {
	size := bandOfBlocks
	if g.blocksTogether(g.K/Lanes) == 1 {
		size = bandOfTaps
	}
	var bands []channelBand
	list := g.bands(size, size)
	for i, r := range list {
		b := channelBand{positions: r, first: r.i0*g.OutW + r.j0, count: r.rows() * r.cols(), x: min(r.i0*g.StrideH, g.H-1) * g.W}
		for n := 1; n <= g.blocksTogether(min(mostBlocks, g.K/Lanes)); n++ {
			t := b.channelTiles(g, n, len(list) == 1)
			if i > 0 { // bands that only lie elsewhere have the same tiles
				if u := bands[i-1].tiles[n]; slices.Equal(t.tiles, u.tiles) && slices.Equal(t.taps, u.taps) {
					t = u
				}
			}
			b.tiles[n] = t
		}
		bands = append(bands, b)
	}
	return bands
}

// channelTiles makes the tiles for n blocks of output channels.
func (b *channelBand) channelTiles(g *Conv2d, n int, single bool) channelTiles {
	var c channelTiles
	if n == 1 {
		for _, taps := range g.tapsTogether(single) {
			t := c.tile(b.channelTaps(g, taps, 1), len(taps))
			for p, tap := range taps {
				t.x[p], t.y[p] = int32(b.distance(g, taps[0], tap)*Lanes*blockSize), int32((tap.r*g.S+tap.s)*blockSize)
			}
			for p := len(taps); p < mostBlocks; p++ {
				t.y[p] = t.y[0]
			}
		}
		return c
	}
	for r := range g.R {
		for s := range g.S {
			t := c.tile(b.channelTaps(g, []weightTap{{r, s}}, n), n)
			for p := range t.x {
				block := p % n
				t.x[p], t.y[p] = int32(block*b.count*Lanes*blockSize), int32((block*g.C*g.R*g.S+r*g.S+s)*blockSize)
			}
		}
	}
	return c
}

// tile adds a tile with its taps and no places yet.
func (c *channelTiles) tile(list []channelTap, count int) *channelTile {
	at := find(c.taps, list)
	if at < 0 {
		at = len(c.taps)
		c.taps = append(c.taps, list...)
	}
	c.work += len(list) * Lanes
	c.tiles = append(c.tiles, channelTile{tapLo: int32(at * channelTapBytes), tapHi: int32((at + len(list)) * channelTapBytes), count: int32(count)})
	return &c.tiles[len(c.tiles)-1]
}

// tapsTogether groups taps that meet the same positions of the image: those of a
// row, or of any where all positions are in one band.
func (g *Conv2d) tapsTogether(anyRow bool) [][]weightTap {
	var groups [][]weightTap
	for _, taps := range g.classes() {
		for len(taps) > 0 {
			n := 1
			for n < len(taps) && (anyRow || taps[n].r == taps[0].r) {
				n++
			}
			n = together(n)
			groups, taps = append(groups, taps[:n]), taps[n:]
		}
	}
	return groups
}

// distance is how far the position of one tap's dy is from another's, for the
// same position of the image.
func (b *channelBand) distance(g *Conv2d, from, to weightTap) int {
	return (from.r-to.r)/g.StrideH*b.positions.cols() + (from.s-to.s)/g.StrideW
}

// channelTaps lists the positions of the image that some taps meet in a band. With n
// blocks of output channels there is one tap.
func (b *channelBand) channelTaps(g *Conv2d, taps []weightTap, n int) []channelTap {
	r := b.positions
	top, bottom := taps[0].r, taps[0].r
	for _, t := range taps {
		top, bottom = min(top, t.r), max(bottom, t.r)
	}
	var list []channelTap
	for row := max(0, r.i0*g.StrideH-g.Top+top); row < min(g.H, (r.i1-1)*g.StrideH-g.Top+bottom+1); row++ {
		for col := range g.W {
			e := channelTap{w: int32((row*g.W + col - b.x) * blockSize)}
			for p, t := range taps {
				i, j := row+g.Top-t.r, col+g.Left-t.s
				if i < r.i0*g.StrideH || j < r.j0*g.StrideW || i%g.StrideH != 0 || j%g.StrideW != 0 {
					continue
				}
				if i, j = i/g.StrideH, j/g.StrideW; i < r.i1 && j < r.j1 {
					at := (i-r.i0)*r.cols() + j - r.j0 - b.distance(g, taps[0], t)
					e.x, e.mask = int32(at*Lanes*blockSize), e.mask|1<<p
				}
			}
			if n > 1 && e.mask != 0 {
				e.mask = 1<<n - 1
			}
			if e.mask != 0 {
				list = append(list, e)
			}
		}
	}
	return list
}
