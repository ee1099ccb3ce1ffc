//go:build amd64 || arm64

package kernel

import "unsafe"

// tileArgs is the argument of multiplyEven1.. and multiplyMixed1..: pointers, then sizes in bytes. Its
// layout is known to the generators (tile.go).
type tileArgs struct {
	x, y, w, bias unsafe.Pointer
	tiles         unsafe.Pointer
	tilesSize     int
	taps          unsafe.Pointer
	blocks        int // of channels
	terms         int
	xTerm, wTerm  int
	wRow, yRow    int
	start         int
	finish        int
	gate          int // from y to the gate
}

// args describes blocks of rows from row on, over some tiles.
func (p *product) args(c call, tiles []tile, row, blocks int) tileArgs {
	a := tileArgs{
		x:     address(p.x, c.term*p.xStep),
		y:     address(p.y, row*p.yStep),
		w:     address(p.w, row*p.wRow+c.term*p.wTerm),
		bias:  address(p.bias, row),
		tiles: unsafe.Pointer(&tiles[0]), tilesSize: len(tiles) * tileBytes,
		blocks: blocks, terms: c.terms,
		xTerm: p.xStep * 4, wTerm: p.wTerm * 4,
		wRow: p.wRow * 4, yRow: p.yStep * 4, start: c.start, finish: c.finish,
	}
	if len(c.tiling.taps) > 0 {
		a.taps = unsafe.Pointer(&c.tiling.taps[0])
	}
	if c.finish == finishGate {
		a.gate = int(uintptr(address(p.gate, row*p.yStep)) - uintptr(a.y))
	}
	return a
}

// address is the address of an element; nil for an empty slice.
func address(x []float32, i int) unsafe.Pointer {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Add(unsafe.Pointer(&x[0]), i*4)
}

// weightArgs is the argument of weightGradient1..4: pointers, then sizes in
// bytes. Its layout is known to the generators (weight.go).
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
}

// args describes blocks of rows from row on, for some tiles.
func (p *weightProduct) args(tiles []weightTile, row, blocks int) weightArgs {
	return weightArgs{
		x: address(p.x, 0), dy: address(p.dy, row*p.dyChannel*Lanes), dw: address(p.dw, row*p.dwRow),
		tiles: unsafe.Pointer(&tiles[0]), tilesSize: len(tiles) * weightTileBytes, segments: unsafe.Pointer(&p.tiling.segments[0]),
		blocks: blocks, xCol: p.xCol * blockSize, xRow: p.xRow * blockSize,
		dyRow: p.dyRow * blockSize, dyChannel: p.dyChannel * blockSize, dwRow: p.dwRow * 4,
		groups: p.groups, xGroup: p.xGroup * 4, dyGroup: p.dyGroup * 4,
	}
}
