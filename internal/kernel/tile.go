package kernel

import (
	"slices"
	"unsafe"
)

// The SIMD kernels multiply register tiles: a few channels by a few registers of
// results. A block of results is one register or several, whatever the instruction
// set has; which blocks of x it needs is a list of taps, each with the offset of its
// weight: those of the first term, then those of the second. Registers of a tile
// share one list, so its kernel asks nothing and is little more than multiply-adds,
// and padding is left out without a special case. One register may join a tile whose
// list has all of its own taps: then every tap says whether it takes part. Tiles and
// taps are computed once per geometry and only read by the kernels (see _asm/tile.go).

// tile is the registers that are computed together. Offsets are in bytes.
type tile struct {
	x      [mostWide]int32
	y      [mostWide]int32
	end    int32 // offset behind the last tap
	size   int32 // of the taps, negative
	term   int32 // size of a term's taps
	width  int8  // registers
	uneven bool  // the last register skips taps whose w is one more
}

// mostWide is the number of registers of the widest tiles.
const mostWide = 6

// tapEntry is one multiplication of every register of a tile.
type tapEntry struct {
	x int32 // offset from the register's x
	w int32 // offset from the channel's weights
}

const (
	tileBytes = int(unsafe.Sizeof(tile{}))
	tapBytes  = int(unsafe.Sizeof(tapEntry{}))
	blockSize = 4 * Lanes
)

// place is a block of results: the block y, computed from the blocks base +
// reach[t] for every tap t.
type place struct {
	y    int
	base int
	taps []int
}

// find is the index at which part stands in list, -1 if it does not.
func find[T comparable](list, part []T) int {
	for i := 0; i+len(part) <= len(list); i++ {
		if slices.Equal(list[i:i+len(part)], part) {
			return i
		}
	}
	return -1
}

// forwardTiles adds the tiles of a convolution's outputs.
func (g *Conv2d) forwardTiles(c *cutting) {
	reach := make([]int, g.R*g.S)
	for r := range g.R {
		for s := range g.S {
			reach[r*g.S+s] = r*g.W + s
		}
	}
	var places []place
	for i := range g.OutH {
		for j := range g.OutW {
			p := place{y: i*g.OutW + j, base: (i*g.StrideH-g.Top)*g.W + j*g.StrideW - g.Left}
			for r := range g.R {
				for s := range g.S {
					row, col := i*g.StrideH-g.Top+r, j*g.StrideW-g.Left+s
					if row >= 0 && row < g.H && col >= 0 && col < g.W {
						p.taps = append(p.taps, r*g.S+s)
					}
				}
			}
			places = append(places, p)
		}
	}
	c.add(places, reach)
}

// dataTiles adds the tiles of a convolution's inputs, for their gradient. Inputs
// whose positions have the same remainders by the strides meet the same taps. The last
// rows come first: who sums the gradient over its positions begins with the first ones,
// and finds them in the first-level cache.
func (g *Conv2d) dataTiles(c *cutting) {
	c.backwards = true
	for a := range g.StrideH {
		for b := range g.StrideW {
			reach := make([]int, g.R*g.S)
			for r := range g.R {
				for s := range g.S {
					reach[r*g.S+s] = (a-r)/g.StrideH*g.OutW + (b-s)/g.StrideW
				}
			}
			var places []place
			for i := range g.H {
				for j := range g.W {
					if (i+g.Top)%g.StrideH == a && (j+g.Left)%g.StrideW == b {
						places = append(places, g.dataPlace(i, j))
					}
				}
			}
			c.add(places, reach)
		}
	}
}

// dataPlace is the input element (i, j): the taps that have read it.
func (g *Conv2d) dataPlace(i, j int) place {
	p := place{y: i*g.W + j, base: (i+g.Top)/g.StrideH*g.OutW + (j+g.Left)/g.StrideW}
	for r := range g.R {
		row := i + g.Top - r
		if row < 0 || row%g.StrideH != 0 || row/g.StrideH >= g.OutH {
			continue
		}
		for s := range g.S {
			col := j + g.Left - s
			if col >= 0 && col%g.StrideW == 0 && col/g.StrideW < g.OutW {
				p.taps = append(p.taps, r*g.S+s)
			}
		}
	}
	return p
}
