package kernel

import "unsafe"

// callWork is how many register tiles a call computes at most.
const callWork = 150_000

// call computes blocks of `rows` rows from row on.
func (p *product) call(c *call, row, blocks, rows int) {
	a := p.args(c, row, blocks)
	q := (*byte)(unsafe.Pointer(&a))
	if p.isa == AVX512 {
		switch c.width {
		case 6:
			even6AVX512(q, rows)
		case 3:
			even3AVX512(q, rows)
		case 2:
			even2AVX512(q, rows)
		default:
			mixedAVX512(q, rows)
		}
		return
	}
	// A register holds half a block: the halves are computed one by one.
	for range 2 {
		switch c.width {
		case 3:
			even3AVX2(q, rows)
		case 2:
			even2AVX2(q, rows)
		default:
			mixedAVX2(q, rows)
		}
		a.x, a.y = unsafe.Add(a.x, blockSize/2), unsafe.Add(a.y, blockSize/2)
	}
}

// The kernels by the number of rows.

func even6AVX512(p *byte, rows int) {
	switch rows {
	case 4:
		multiplyEven4x6AVX512(p)
	case 3:
		multiplyEven3x6AVX512(p)
	case 2:
		multiplyEven2x6AVX512(p)
	default:
		multiplyEven1x6AVX512(p)
	}
}

func even3AVX512(p *byte, rows int) {
	switch rows {
	case 8:
		multiplyEven8x3AVX512(p)
	case 7:
		multiplyEven7x3AVX512(p)
	case 6:
		multiplyEven6x3AVX512(p)
	default:
		multiplyEven5x3AVX512(p)
	}
}

func even2AVX512(p *byte, rows int) {
	switch rows {
	case 8:
		multiplyEven8x2AVX512(p)
	case 7:
		multiplyEven7x2AVX512(p)
	case 6:
		multiplyEven6x2AVX512(p)
	default:
		multiplyEven5x2AVX512(p)
	}
}

func mixedAVX512(p *byte, rows int) {
	switch rows {
	case 8:
		multiplyMixed8AVX512(p)
	case 7:
		multiplyMixed7AVX512(p)
	case 6:
		multiplyMixed6AVX512(p)
	case 5:
		multiplyMixed5AVX512(p)
	case 4:
		multiplyMixed4AVX512(p)
	case 3:
		multiplyMixed3AVX512(p)
	case 2:
		multiplyMixed2AVX512(p)
	default:
		multiplyMixed1AVX512(p)
	}
}

func even3AVX2(p *byte, rows int) {
	switch rows {
	case 4:
		multiplyEven4x3AVX2(p)
	case 3:
		multiplyEven3x3AVX2(p)
	case 2:
		multiplyEven2x3AVX2(p)
	default:
		multiplyEven1x3AVX2(p)
	}
}

func even2AVX2(p *byte, rows int) {
	switch rows {
	case 4:
		multiplyEven4x2AVX2(p)
	case 3:
		multiplyEven3x2AVX2(p)
	case 2:
		multiplyEven2x2AVX2(p)
	default:
		multiplyEven1x2AVX2(p)
	}
}

func mixedAVX2(p *byte, rows int) {
	switch rows {
	case 8:
		multiplyMixed8AVX2(p)
	case 4:
		multiplyMixed4AVX2(p)
	case 3:
		multiplyMixed3AVX2(p)
	case 2:
		multiplyMixed2AVX2(p)
	default:
		multiplyMixed1AVX2(p)
	}
}
