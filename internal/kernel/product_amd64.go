package kernel

import "unsafe"

// callWork is how many register tiles a call computes at most.
const callWork = 150_000

// call computes blocks of `rows` rows from row on, over some terms and tiles.
func (p *product) call(tiles []tile, term, terms, row, blocks, rows, start, finish int) {
	a := p.args(tiles, term, terms, row, blocks, start, finish)
	if p.isa == AVX512 {
		multiply512(&a, rows)
		return
	}
	// A register holds half a block: the halves are computed one by one.
	multiply256(&a, rows)
	a.x, a.y = unsafe.Add(a.x, blockSize/2), unsafe.Add(a.y, blockSize/2)
	multiply256(&a, rows)
}

func multiply512(a *tileArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 8:
		multiply8AVX512(p)
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
	case 8:
		multiply8AVX2(p)
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

// call adds the gradients of blocks of `rows` rows from row on, for some tiles.
func (p *weightProduct) call(tiles []weightTile, row, blocks, rows int) {
	a := p.args(tiles, row, blocks)
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
