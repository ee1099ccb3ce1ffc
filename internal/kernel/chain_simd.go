//go:build amd64 || arm64

package kernel

import (
	"unsafe"

	"gradus/internal/kernel/chain"
)

// chainArgs is the argument of chains: pointers, counts of blocks, distances in bytes.
// Its layout is known to the generators (chain.go).
type chainArgs struct {
	slices                                  [chain.MaxSlices]unsafe.Pointer
	cols, rows, planes                      int
	rowSkip, planeSkip                      int
	smallStep, smallRowSkip, smallPlaneSkip int
}

// simd calls the kernel for a box. What has no place is read from, and stored to,
// scratch memory.
func (k *Chain) simd(b *box, slices *[chain.MaxSlices][]float32, scratch []float32) {
	a := chainArgs{
		cols: b.cols, rows: b.rows, planes: b.planes, rowSkip: b.rowSkip * 4, planeSkip: b.planeSkip * 4,
		smallStep: b.smallStep * 4, smallRowSkip: b.smallRow * 4, smallPlaneSkip: b.smallSkip * 4,
	}
	for i := range k.chain.Slices() {
		if k.chain.IsNumber(i) {
			a.slices[i] = address(slices[i], 0)
		} else {
			a.slices[i] = address(slices[i], b.at)
		}
	}
	switch {
	case k.chain.Small < 0:
	case b.smallStep > 0:
		a.slices[k.chain.Small] = address(slices[k.chain.Small], b.smallAt)
	default:
		clear(scratch[:Lanes])
		a.slices[k.chain.Small] = address(scratch, 0)
	}
	k.isa.callChain(k.chain, &a)
}
