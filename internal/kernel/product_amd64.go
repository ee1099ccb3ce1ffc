package kernel

import "unsafe"

//go:generate go run -C _asm . -out ../kernels_amd64.s -stubs ../stubs_amd64.go -pkg kernel

// tileArgs is the argument of multiply1..4: pointers, then sizes in bytes. Its
// layout is known to _asm/tile.go.
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
}

// call computes blocks of `rows` rows from row on, over some terms and tiles.
func (p *product) call(tiles []tile, term, terms, row, blocks, rows, start int) {
	a := tileArgs{
		x:     address(p.x, term*p.xStep),
		y:     address(p.y, row*p.yStep),
		w:     address(p.w, row*p.wRow+term*p.wTerm),
		bias:  address(p.bias, row),
		tiles: unsafe.Pointer(&tiles[0]), tilesSize: len(tiles) * tileBytes,
		blocks: blocks, terms: terms,
		xTerm: p.xStep * 4, wTerm: p.wTerm * 4,
		wRow: p.wRow * 4, yRow: p.yStep * 4, start: start,
	}
	if len(p.tiling.taps) > 0 {
		a.taps = unsafe.Pointer(&p.tiling.taps[0])
	}
	if p.isa == AVX512 {
		multiply512(&a, rows)
		return
	}
	// A register holds half a block: the halves are computed one by one.
	multiply256(&a, rows)
	a.x, a.y = unsafe.Add(a.x, blockSize/2), unsafe.Add(a.y, blockSize/2)
	multiply256(&a, rows)
}

// address is the address of an element; nil for an empty slice.
func address(x []float32, i int) unsafe.Pointer {
	if len(x) == 0 {
		return nil
	}
	return unsafe.Add(unsafe.Pointer(&x[0]), i*4)
}

func multiply512(a *tileArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 4:
		multiply4AVX512(p)
	case 3:
		multiply3AVX512(p)
	case 2:
		multiply2AVX512(p)
	case 1:
		multiply1AVX512(p)
	}
}

func multiply256(a *tileArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 4:
		multiply4AVX2(p)
	case 3:
		multiply3AVX2(p)
	case 2:
		multiply2AVX2(p)
	case 1:
		multiply1AVX2(p)
	}
}

// weightArgs is the argument of weightGradient1..4: pointers, then sizes in
// bytes. Its layout is known to _asm/weight.go.
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

// call adds the gradients of blocks of `rows` rows from row on, for some tiles.
func (p *weightProduct) call(tiles []weightTile, row, blocks, rows int) {
	a := weightArgs{
		x: address(p.x, 0), dy: address(p.dy, row*p.dyChannel*Lanes), dw: address(p.dw, row*p.dwRow),
		tiles: unsafe.Pointer(&tiles[0]), tilesSize: len(tiles) * weightTileBytes, segments: unsafe.Pointer(&p.tiling.segments[0]),
		blocks: blocks, xCol: p.xCol * blockSize, xRow: p.xRow * blockSize,
		dyRow: p.dyRow * blockSize, dyChannel: p.dyChannel * blockSize, dwRow: p.dwRow * 4,
		groups: p.groups, xGroup: p.xGroup * 4, dyGroup: p.dyGroup * 4,
	}
	b := (*byte)(unsafe.Pointer(&a))
	switch {
	case p.isa == AVX512 && rows == 4:
		weightGradient4AVX512(b)
	case p.isa == AVX512 && rows == 3:
		weightGradient3AVX512(b)
	case p.isa == AVX512 && rows == 2:
		weightGradient2AVX512(b)
	case p.isa == AVX512:
		weightGradient1AVX512(b)
	case rows == 4:
		weightGradient4AVX2(b)
	case rows == 3:
		weightGradient3AVX2(b)
	case rows == 2:
		weightGradient2AVX2(b)
	default:
		weightGradient1AVX2(b)
	}
}
