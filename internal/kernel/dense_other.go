//go:build !amd64

package kernel

func (d *Dense) weightBlocks(_, _, _ []float32, _, _, _ int) {
	panic("kernel: layers are computed blockwise with AVX-512 only")
}
