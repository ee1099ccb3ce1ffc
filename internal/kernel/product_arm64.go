package kernel

import "unsafe"

// callWork is how many register tiles a call computes at most: fewer than of the
// wider registers of AMD64.
const callWork = 25_000

// multiply calls the kernel for blocks of `rows` rows.
func multiply(_ ISA, a *tileArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 4:
		multiply4NEON(p)
	case 3:
		multiply3NEON(p)
	case 2:
		multiply2NEON(p)
	default:
		multiply1NEON(p)
	}
}

// weightGradient calls the kernel for blocks of `rows` rows.
func weightGradient(_ ISA, a *weightArgs, rows, _ int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 4:
		weightGradient4NEON(p)
	case 3:
		weightGradient3NEON(p)
	case 2:
		weightGradient2NEON(p)
	default:
		weightGradient1NEON(p)
	}
}
