package kernel

import "unsafe"

// weightGradient calls the kernel for blocks of `rows` rows.
func weightGradient(isa ISA, a *weightArgs, rows, width int) {
	p := (*byte)(unsafe.Pointer(a))
	switch {
	case isa == AVX2 && width == 3:
		weightGradient3AVX2(p, rows)
	case isa == AVX2:
		weightGradient2AVX2(p, rows)
	case width == 6:
		weightGradient6AVX512(p, rows)
	case width == 5:
		weightGradient5AVX512(p, rows)
	case width == 4:
		weightGradient4AVX512(p, rows)
	default:
		weightGradient3AVX512(p, rows)
	}
}

// The kernels of a width by the number of rows.

func weightGradient6AVX512(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x6AVX512(p)
	case 3:
		weightGradient3x6AVX512(p)
	case 2:
		weightGradient2x6AVX512(p)
	default:
		weightGradient1x6AVX512(p)
	}
}

func weightGradient5AVX512(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x5AVX512(p)
	case 3:
		weightGradient3x5AVX512(p)
	case 2:
		weightGradient2x5AVX512(p)
	default:
		weightGradient1x5AVX512(p)
	}
}

func weightGradient4AVX512(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x4AVX512(p)
	case 3:
		weightGradient3x4AVX512(p)
	case 2:
		weightGradient2x4AVX512(p)
	default:
		weightGradient1x4AVX512(p)
	}
}

func weightGradient3AVX512(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x3AVX512(p)
	case 3:
		weightGradient3x3AVX512(p)
	case 2:
		weightGradient2x3AVX512(p)
	default:
		weightGradient1x3AVX512(p)
	}
}

func weightGradient3AVX2(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x3AVX2(p)
	case 3:
		weightGradient3x3AVX2(p)
	case 2:
		weightGradient2x3AVX2(p)
	default:
		weightGradient1x3AVX2(p)
	}
}

func weightGradient2AVX2(p *byte, rows int) {
	switch rows {
	case 4:
		weightGradient4x2AVX2(p)
	case 3:
		weightGradient3x2AVX2(p)
	case 2:
		weightGradient2x2AVX2(p)
	default:
		weightGradient1x2AVX2(p)
	}
}
