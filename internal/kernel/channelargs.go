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

// args describes a call for blocks of so many rows from row on.
func (p *channelProduct) args(row, blocks int) channelArgs {
	a := channelArgs{
		x: address(p.x, 0), y: address(p.y, row*p.yRow), w: address(p.w, row*p.wRow),
		tiles: unsafe.Pointer(&p.tiles.tiles[0]), tilesSize: len(p.tiles.tiles) * channelTileBytes, blocks: blocks,
		wRow: p.wRow * 4, yRow: p.yRow * 4,
	}
	if len(p.tiles.taps) > 0 {
		a.taps = unsafe.Pointer(&p.tiles.taps[0])
	}
	if p.more {
		a.more = 1
	}
	return a
}
