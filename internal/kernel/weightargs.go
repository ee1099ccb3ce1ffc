//go:build amd64 || arm64

package kernel

import "unsafe"

// address is the address of an element; nil for an empty slice.
func address(x []float32, i int) unsafe.Pointer {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Add(unsafe.Pointer(&x[0]), i*4)
}

// weightArgs is the argument of the weightGradient kernels: pointers, then sizes in
// bytes. Its layout is known to the generators (_asm/layout).
type weightArgs struct {
	x, dy, dw       unsafe.Pointer
	tiles           unsafe.Pointer
	tilesSize       int
	segments        unsafe.Pointer
	blocks          int
	xCol, xRow      int
	dyRow           int
	dyChannel       int
	dwRow           int
	groups          int
	xGroup, dyGroup int
	xStep, dwStep   int
	sums            unsafe.Pointer // a slot per tile
	sumsStep        int
	start, finish   int
}

// aligned is the address of the first slot, at the beginning of a cache line.
func (s *keptSums) aligned() unsafe.Pointer {
	return unsafe.Add(unsafe.Pointer(s), -uintptr(unsafe.Pointer(s))%blockSize)
}

// Where the sums of weight tiles begin, and where they end.
const (
	weightsZero = iota // with zero
	weightsSums        // with what a call before has kept
)

const (
	weightsKept  = iota // for a call that follows
	weightsAdded        // on dw, all lanes
)

// args describes blocks of rows from row on, for some tiles.
func (p *weightProduct) args(tiles []weightTile, row, blocks int) weightArgs {
	return weightArgs{
		x: address(p.x, 0), dy: address(p.dy, row*p.dyChannel*Lanes), dw: address(p.dw, row*p.dwRow),
		tiles: unsafe.Pointer(&tiles[0]), tilesSize: len(tiles) * weightTileBytes, segments: unsafe.Pointer(&p.tiling.segments[0]),
		blocks: blocks, xCol: p.xCol * blockSize, xRow: p.xRow * blockSize,
		dyRow: p.dyRow * blockSize, dyChannel: p.dyChannel * blockSize, dwRow: p.dwRow * 4,
		groups: p.groups, xGroup: p.xGroup * 4, dyGroup: p.dyGroup * 4,
		xStep: p.tiling.xStep * blockSize, dwStep: p.tiling.dwStep * 4, finish: weightsAdded,
	}
}

// batch adds the gradients of some rows for a batch of tiles.
func (p *weightProduct) batch(sums *keptSums, batch tileRange, row, rows int) {
	for g := range p.groups {
		for i, band := range p.tiling.bands {
			a := p.args(band[batch.begin:batch.end], row, 1)
			a.x, a.dy, a.groups = unsafe.Add(a.x, g*p.xGroup*4), unsafe.Add(a.dy, g*p.dyGroup*4), 1
			a.sums, a.sumsStep = sums.aligned(), slotFloats*4
			if g > 0 || i > 0 {
				a.start = weightsSums
			}
			if g+1 < p.groups || i+1 < len(p.tiling.bands) {
				a.finish = weightsKept
			}
			weightGradient(p.isa, &a, rows, batch.width)
		}
	}
}
