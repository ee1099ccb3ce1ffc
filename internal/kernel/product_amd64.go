package kernel

import "unsafe"

// callWork is how many register tiles a call computes at most.
const callWork = 150_000

// call computes blocks of `rows` rows from row on.
func (p *product) call(c *call, row, blocks, rows int) {
	a := p.args(c, row, blocks)
	if p.isa == AVX512 {
		multiply512(&a, c.even, rows)
		return
	}
	// A register holds half a block: the halves are computed one by one.
	multiply256(&a, c.even, rows)
	a.x, a.y = unsafe.Add(a.x, blockSize/2), unsafe.Add(a.y, blockSize/2)
	multiply256(&a, c.even, rows)
}

func multiply512(a *tileArgs, even bool, rows int) {
	p := (*byte)(unsafe.Pointer(a))
	switch {
	case even && rows == 8:
		multiplyEven8AVX512(p)
	case even && rows == 7:
		multiplyEven7AVX512(p)
	case even && rows == 6:
		multiplyEven6AVX512(p)
	case even && rows == 5:
		multiplyEven5AVX512(p)
	case even && rows == 4:
		multiplyEven4AVX512(p)
	case even && rows == 3:
		multiplyEven3AVX512(p)
	case even && rows == 2:
		multiplyEven2AVX512(p)
	case even:
		multiplyEven1AVX512(p)
	case rows == 8:
		multiplyMixed8AVX512(p)
	case rows == 7:
		multiplyMixed7AVX512(p)
	case rows == 6:
		multiplyMixed6AVX512(p)
	case rows == 5:
		multiplyMixed5AVX512(p)
	case rows == 4:
		multiplyMixed4AVX512(p)
	case rows == 3:
		multiplyMixed3AVX512(p)
	case rows == 2:
		multiplyMixed2AVX512(p)
	default:
		multiplyMixed1AVX512(p)
	}
}

func multiply256(a *tileArgs, even bool, rows int) {
	p := (*byte)(unsafe.Pointer(a))
	switch {
	case even && rows == 4:
		multiplyEven4AVX2(p)
	case even && rows == 3:
		multiplyEven3AVX2(p)
	case even && rows == 2:
		multiplyEven2AVX2(p)
	case even:
		multiplyEven1AVX2(p)
	case rows == 8:
		multiplyMixed8AVX2(p)
	case rows == 4:
		multiplyMixed4AVX2(p)
	case rows == 3:
		multiplyMixed3AVX2(p)
	case rows == 2:
		multiplyMixed2AVX2(p)
	default:
		multiplyMixed1AVX2(p)
	}
}

// call adds the gradients of blocks of `rows` rows from row on, for some tiles,
// from beginning to end.
func (p *weightProduct) call(tiles []weightTile, row, blocks, rows int) {
	a := p.args(tiles, row, blocks)
	if p.isa == AVX2 { // the sums of the first half of a block wait for the second
		var slot [slotFloats]float32
		a.sums = unsafe.Pointer(&slot)
	}
	weightGradient(p.isa, &a, rows)
}

func weightGradient(isa ISA, a *weightArgs, rows int) {
	p := (*byte)(unsafe.Pointer(a))
	switch {
	case isa == AVX512 && rows == 4:
		weightGradient4AVX512(p)
	case isa == AVX512 && rows == 3:
		weightGradient3AVX512(p)
	case isa == AVX512 && rows == 2:
		weightGradient2AVX512(p)
	case isa == AVX512:
		weightGradient1AVX512(p)
	case rows == 4:
		weightGradient4AVX2(p)
	case rows == 3:
		weightGradient3AVX2(p)
	case rows == 2:
		weightGradient2AVX2(p)
	default:
		weightGradient1AVX2(p)
	}
}
