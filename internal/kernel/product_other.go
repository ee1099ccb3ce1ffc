//go:build !amd64

package kernel

// Without kernels no Convolution asks for a call: ISA.Check admits portable
// code only.

func (p *product) call(_ []tile, _, _, _, _, _, _ int) {
	panic("kernel: no instruction set but portable")
}

func (p *weightProduct) call(_ []weightTile, _, _, _ int) {
	panic("kernel: no instruction set but portable")
}
