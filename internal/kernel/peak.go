package kernel

// Peak does so many rounds of fused multiply-adds on registers and returns how
// many multiply-adds that was: what a core can do at most with the instruction
// set. Portable code multiplies and adds.
func (s ISA) Peak(rounds int) (multiplyAdds int) {
	if i, _ := s.vector(Lanes); s != Portable {
		peakKernels[i](rounds)
		return rounds * 14 * s.register()
	}
	var a [8]float32
	x := float32(rounds)
	for range rounds {
		a[0], a[1], a[2], a[3] = a[0]+float32(x*x), a[1]+float32(x*x), a[2]+float32(x*x), a[3]+float32(x*x)
		a[4], a[5], a[6], a[7] = a[4]+float32(x*x), a[5]+float32(x*x), a[6]+float32(x*x), a[7]+float32(x*x)
	}
	peakSink(a)
	return rounds * 8
}

// peakSink keeps the compiler from leaving out what computes its argument.
//
//go:noinline
func peakSink([8]float32) {}
