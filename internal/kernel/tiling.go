package kernel

import (
	"cmp"
	"fmt"
	"slices"
)

// terms are the summands of a tap: how many there are, and how many numbers lie from
// one to the next in x and in w.
type terms struct{ count, x, w int }

// tiling is the tiles of a geometry, wide ones first.
type tiling struct {
	terms    terms
	tiles    []tile
	taps     []tapEntry
	most     int // taps a term has at most
	together int // how many terms are listed
	width    int // of the widest tile, in blocks
}

// spot is where results lie in y, and where their taps begin in x, in bytes.
type spot struct{ x, y int }

// piece is a tile to be: registers that share a list of taps, and the taps of the
// last one where it takes only some of them.
type piece struct {
	spots      []spot
	taps, last []tapEntry
}

// cutting is how places are cut.
type cutting struct {
	widths
	list      []piece
	backwards bool // short sums: the last results first
}

// add cuts places. All reach from their base by the same offsets. Those with the
// same taps share tiles.
func (c *cutting) add(places []place, reach []int) {
	var kinds [][]int
	byKind := map[string][]spot{}
	for _, p := range places {
		key := fmt.Sprint(p.taps)
		if _, ok := byKind[key]; !ok {
			kinds = append(kinds, p.taps)
		}
		byKind[key] = append(byKind[key], spot{p.base * blockSize, p.y * blockSize})
	}
	for _, kind := range kinds {
		var list []tapEntry
		for _, tap := range kind {
			list = append(list, tapEntry{int32(reach[tap] * blockSize), int32(tap * 4)})
		}
		c.cut(byKind[fmt.Sprint(kind)], list)
	}
}

// cut cuts blocks of results that share a list of taps. The widest pieces come
// first, but none leaves a single register alone: that would not hide how long a
// multiply-add takes.
func (c *cutting) cut(blocks []spot, taps []tapEntry) {
	var left []spot
	for _, b := range blocks {
		for part := 0; part < blockSize; part += c.register {
			left = append(left, spot{b.x + part, b.y + part})
		}
	}
	for len(left) > 0 {
		n := 1
		for _, w := range slices.Backward(c.wide) {
			if w <= len(left) && w+1 != len(left) {
				n = w
			}
		}
		c.list = append(c.list, piece{spots: left[:n:n], taps: taps})
		left = left[n:]
	}
}

// join adds single registers to pieces whose taps are more than theirs, those with
// few taps first, each to the piece with the fewest.
func (c *cutting) join() {
	var singles []int
	for i, p := range c.list {
		if len(p.spots) == 1 {
			singles = append(singles, i)
		}
	}
	slices.SortStableFunc(singles, func(i, j int) int { return cmp.Compare(len(c.list[i].taps), len(c.list[j].taps)) })
	for _, i := range singles {
		single, best := &c.list[i], -1
		for j, p := range c.list {
			if i == j || len(p.spots) == 0 || p.last != nil || !c.joins(len(p.spots)+1) {
				continue
			}
			if (best < 0 || len(p.taps) < len(c.list[best].taps)) && contains(p.taps, single.taps) {
				best = j
			}
		}
		if best >= 0 && single.last == nil {
			host := &c.list[best]
			host.spots, host.last = append(host.spots, single.spots...), single.taps
			single.spots = nil
		}
	}
	c.list = slices.DeleteFunc(c.list, func(p piece) bool { return len(p.spots) == 0 })
}

// contains reports whether all taps of part, of which there is one, are in list. Both
// are in the order of index.
func contains(list, part []tapEntry) bool {
	if len(part) == 0 {
		return false
	}
	for _, tap := range list {
		if len(part) > 0 && part[0] == tap {
			part = part[1:]
		}
	}
	return len(part) == 0
}

// product prepares products of so many rows and of places, which cut cuts.
func (s ISA) product(t terms, rows int, cut func(c *cutting)) product {
	tiled := func(wide []int) *tiling {
		c := &cutting{widths: widths{wide, 4 * s.register()}}
		cut(c)
		c.join()
		return c.tiling(t)
	}
	p := product{isa: s, flat: tiled(s.flat())}
	if tall := s.tall(); tall != nil {
		p.tall = tiled(tall)
		if leavesMiddle(rows) {
			p.middle = tiled(s.middle())
		}
	}
	return p
}

// shortSum is the taps of a sum whose end a processor foresees by what it has done
// before, however many taps the sum before had.
const shortSum = 32

// tiling makes the tiles. Those of a width follow each other by their taps. Where sums
// are short they follow each other as their results lie in memory: what they read and
// write together is then in the first-level cache.
func (c *cutting) tiling(of terms) *tiling {
	t := &tiling{terms: of}
	for _, p := range c.list {
		t.most = max(t.most, len(p.taps))
	}
	t.together = fitting(cachedBlocks/2, t.most, of.count)
	slices.SortStableFunc(c.list, func(a, b piece) int {
		order := cmp.Compare(len(b.spots), len(a.spots))
		if order == 0 && t.most*t.together <= shortSum {
			if order = cmp.Compare(a.spots[0].y, b.spots[0].y); c.backwards {
				order = -order
			}
		}
		return order
	})
	listed := map[[2]*tapEntry]int{}
	for _, p := range c.list {
		key := [2]*tapEntry{pointer(p.taps), pointer(p.last)}
		if _, ok := listed[key]; !ok {
			t.listed(p)
			listed[key] = len(t.taps)
		}
		next := tile{end: int32(listed[key] * tapBytes), term: int32(len(p.taps) * tapBytes), width: int8(len(p.spots)), uneven: p.last != nil}
		next.size = -next.term * int32(t.together)
		for i, s := range p.spots {
			next.x[i], next.y[i] = int32(s.x), int32(s.y)
		}
		t.tiles = append(t.tiles, next)
		t.width = max(t.width, (len(p.spots)*c.register+blockSize-1)/blockSize)
	}
	return t
}

// uncut reports whether all terms are listed.
func (t *tiling) uncut() bool { return t.together >= t.terms.count }

// listed adds the taps of all terms.
func (t *tiling) listed(p piece) {
	for i := range t.together {
		for _, tap := range p.taps {
			next := tapEntry{tap.x + int32(4*i*t.terms.x), tap.w + int32(4*i*t.terms.w)}
			if p.last != nil && !slices.Contains(p.last, tap) {
				next.w++
			}
			t.taps = append(t.taps, next)
		}
	}
}
