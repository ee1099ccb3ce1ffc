package kernel

import "unsafe"

// call computes blocks of so many rows from row on.
func (p *channelProduct) call(row, blocks, rows int) {
	var a channelArgs
	p.fill(&a, row, blocks)
	q := (*byte)(unsafe.Pointer(&a))
	if p.isa == AVX512 {
		channelGradientAVX512(q, rows)
		return
	}
	// A register holds half a block: the halves are computed one by one.
	for range 2 {
		channelGradientAVX2(q, rows)
		a.x, a.y = unsafe.Add(a.x, blockSize/2), unsafe.Add(a.y, blockSize/2)
	}
}

func channelGradientAVX512(p *byte, rows int) {
	switch rows {
	case 8:
		channelGradient8AVX512(p)
	case 7:
		channelGradient7AVX512(p)
	case 6:
		channelGradient6AVX512(p)
	case 5:
		channelGradient5AVX512(p)
	case 4:
		channelGradient4AVX512(p)
	case 3:
		channelGradient3AVX512(p)
	case 2:
		channelGradient2AVX512(p)
	default:
		channelGradient1AVX512(p)
	}
}

func channelGradientAVX2(p *byte, rows int) {
	switch rows {
	case 4:
		channelGradient4AVX2(p)
	case 3:
		channelGradient3AVX2(p)
	case 2:
		channelGradient2AVX2(p)
	default:
		channelGradient1AVX2(p)
	}
}
