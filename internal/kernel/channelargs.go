//go:build amd64 || arm64

package kernel

import "unsafe"

// channelArgs is the argument of the channelGradient kernels: pointers, then sizes
// in bytes. Its layout is known to the generators (_asm/layout/channel.go).
type channelArgs struct {
	x, w, y    unsafe.Pointer
	tiles      unsafe.Pointer
	tilesSize  int
	taps       unsafe.Pointer
	blocks     int // of rows
	wRow, yRow int
	more       int // 1 where sums go on from y, 0 where they begin with zero
}

// fill describes a call for blocks of so many rows from row on. It does so in place: the
// kernel reads the arguments at once.
func (p *channelProduct) fill(a *channelArgs, row, blocks int) {
	a.x, a.y, a.w = address(p.x, 0), address(p.y, row*p.yRow), address(p.w, row*p.wRow)
	a.tiles, a.tilesSize, a.blocks = unsafe.Pointer(&p.tiles.tiles[0]), len(p.tiles.tiles)*channelTileBytes, blocks
	if len(p.tiles.taps) > 0 {
		a.taps = unsafe.Pointer(&p.tiles.taps[0])
	}
	a.wRow, a.yRow = p.wRow*4, p.yRow*4
	if p.more {
		a.more = 1
	}
}

// address is the address of an element; nil for an empty slice.
func address(x []float32, i int) unsafe.Pointer {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Add(unsafe.Pointer(&x[0]), i*4)
}
