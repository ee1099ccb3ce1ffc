//go:build !amd64

package kernel

const noBlocks = "kernel: layers are computed in blocks with AVX-512 only"

func (d *Dense) weightBlocks(_, _, _ []float32, _, _, _ int) {
	panic(noBlocks)
}

func (d *Dense) dataBlocks(_, _, _, _ []float32, _, _ int) {
	panic(noBlocks)
}
