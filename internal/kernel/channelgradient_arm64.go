package kernel

import "unsafe"

// call computes blocks of so many rows from row on, a quarter of every block of
// output channels after the other.
func (p *channelProduct) call(row, blocks, rows int) {
	var a channelArgs
	p.fill(&a, row, blocks)
	for range 4 {
		channelGradientNEON(&a, rows)
		a.x, a.y = unsafe.Add(a.x, blockSize/4), unsafe.Add(a.y, blockSize/4)
	}
}

func channelGradientNEON(a *channelArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 4:
		channelGradient4NEON(p)
	case 3:
		channelGradient3NEON(p)
	case 2:
		channelGradient2NEON(p)
	default:
		channelGradient1NEON(p)
	}
}
