package kernel

import "unsafe"

// callWork is how many register tiles a call computes at most.
const callWork = 150_000

// multiply calls the kernel for blocks of `rows` rows.
func multiply(isa ISA, a *tileArgs, rows int) {
	p := (*byte)(unsafe.Pointer(a))
	if isa == AVX2 {
		switch rows {
		case 4:
			multiply4AVX2(p)
		case 3:
			multiply3AVX2(p)
		case 2:
			multiply2AVX2(p)
		default:
			multiply1AVX2(p)
		}
		return
	}
	switch rows {
	case 8:
		multiply8AVX512(p)
	case 7:
		multiply7AVX512(p)
	case 6:
		multiply6AVX512(p)
	case 5:
		multiply5AVX512(p)
	case 4:
		multiply4AVX512(p)
	case 3:
		multiply3AVX512(p)
	case 2:
		multiply2AVX512(p)
	default:
		multiply1AVX512(p)
	}
}
