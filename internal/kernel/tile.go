package kernel

import (
	"cmp"
	"fmt"
	"slices"
)

// The SIMD kernels multiply register tiles: a few channels by a few places. A
// place is one block of results; which blocks of x it needs is a list of taps,
// each with the offset of its weight. The places of a tile share one list.
// Where all take all taps the tile is even and its kernel is little more than
// multiply-adds. The others are mixed: every tap says for which places it is valid.
// That is how padding is left out without a special case. Tiles and taps are
// computed once per geometry and only read by the kernels (see _asm/tile.go).

// tile is the places that are computed together. Offsets are in bytes; x[0] is
// that of the first place, the others are relative to it.
type tile struct {
	x      [mostPlaces]int32
	y      [mostPlaces]int32
	tapLo  int32 // offset of the first tap
	tapHi  int32 // offset behind the last
	count  int32 // places
	unused int32
}

// mostPlaces is the number of places of the widest tiles.
const mostPlaces = 6

// tapEntry is one multiplication of every place of a tile.
type tapEntry struct {
	x    int32 // offset from the place's x
	w    int32 // offset from the channel's weights
	mask int32 // bit p: valid for place p
}

const (
	tileBytes = 64
	tapBytes  = 12
	blockSize = 4 * Lanes
)

// place is a block of results: the block y, computed from the blocks base +
// reach[t] for every tap t.
type place struct {
	y    int
	base int
	taps []int
}

// tiling is the tiles of a geometry.
type tiling struct {
	even  [mostPlaces + 1][]tile // by width
	mixed []tile
	taps  []tapEntry
	most  int // taps of the longest list
	wide  int // how many mixed tiles have too many places for kernels with many rows
}

// add cuts places into tiles. All places reach from their base by the same
// offsets. Places with the same taps make even tiles; what is left of each kind
// shares mixed ones with other kinds.
func (t *tiling) add(places []place, reach []int, w widths) {
	var kinds [][]int
	byKind := map[string][]place{}
	for _, p := range places {
		key := fmt.Sprint(p.taps)
		if _, ok := byKind[key]; !ok {
			kinds = append(kinds, p.taps)
		}
		byKind[key] = append(byKind[key], p)
	}
	var rest []place
	for _, kind := range kinds {
		list := byKind[fmt.Sprint(kind)]
		for _, n := range w.even {
			for len(list) >= n {
				t.even[n] = append(t.even[n], t.tile(list[:n], reach))
				list = list[n:]
			}
		}
		for len(list) >= w.mixed {
			t.mixed = append(t.mixed, t.tile(list[:w.mixed], reach))
			list = list[w.mixed:]
		}
		rest = append(rest, list...)
	}
	for len(rest) > 0 {
		n := min(w.mixed, len(rest))
		t.mixed = append(t.mixed, t.tile(rest[:n], reach))
		rest = rest[n:]
	}
}

// tile makes a tile of places and adds its taps.
func (t *tiling) tile(places []place, reach []int) tile {
	var list []tapEntry
	for tap := range reach {
		mask := int32(0)
		for i, p := range places {
			if slices.Contains(p.taps, tap) {
				mask |= 1 << i
			}
		}
		if mask != 0 {
			list = append(list, tapEntry{int32(reach[tap] * blockSize), int32(tap * 4), mask})
		}
	}
	n := t.listed(list, len(places))
	for i := range n.x {
		p := places[0] // places beyond the count are computed for nothing, and not stored
		if i < len(places) {
			p = places[i]
		}
		n.x[i], n.y[i] = int32((p.base-places[0].base)*blockSize), int32(p.y*blockSize)
	}
	n.x[0] = int32(places[0].base * blockSize)
	return n
}

// listed is a tile with its taps and no places yet.
func (t *tiling) listed(list []tapEntry, count int) tile {
	at := find(t.taps, list)
	if at < 0 {
		at = len(t.taps)
		t.taps = append(t.taps, list...)
	}
	t.most = max(t.most, len(list))
	return tile{tapLo: int32(at * tapBytes), tapHi: int32((at + len(list)) * tapBytes), count: int32(count)}
}

// sorted brings the mixed tiles with more than narrow places before the others.
func (t *tiling) sorted(narrow int) *tiling {
	class := func(a tile) int {
		if a.count > int32(narrow) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(t.mixed, func(a, b tile) int {
		return cmp.Compare(class(a), class(b))
	})
	for t.wide < len(t.mixed) && t.mixed[t.wide].count > int32(narrow) {
		t.wide++
	}
	return t
}

// tilings are the ways one instruction set cuts the same places.
type tilings struct {
	flat *tiling // for tiles of up to four rows
	tall *tiling // for tiles of more; nil where only narrow tiles have so many
}

// tilings cuts places, which make puts into a tiling, for the kernels.
func (s ISA) tilings(add func(t *tiling, w widths)) tilings {
	flat := &tiling{}
	add(flat, s.flat())
	if len(s.tall().even) == 0 {
		return tilings{flat: flat.sorted(s.narrow())}
	}
	tall := &tiling{}
	add(tall, s.tall())
	return tilings{flat.sorted(0), tall.sorted(0)}
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
func (g *Conv2d) forwardTiles(t *tiling, w widths) {
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
	t.add(places, reach, w)
}

// dataTiles adds the tiles of a convolution's inputs, for their gradient. Inputs
// whose positions have the same remainders by the strides meet the same taps.
func (g *Conv2d) dataTiles(t *tiling, w widths) {
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
			t.add(places, reach, w)
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
