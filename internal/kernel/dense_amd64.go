package kernel

import "unsafe"

// denseWeightArgs is the argument of the denseWeight kernels: pointers, then sizes
// in bytes. Its layout is known to the generators (_asm/layout/dense.go).
type denseWeightArgs struct {
	x, dy, dw       unsafe.Pointer
	dwRow           int
	blocks, groups  int // blocks of features
	xGroup, dyGroup int
}

// weightBlocks computes so many blocks of columns of dw from column i on, in calls of
// bounded work.
func (d *Dense) weightBlocks(dw, x, dy []float32, groups, i, blocks int) {
	for n := fitting(callWork, groups*Lanes, blocks); blocks > 0; blocks, i = blocks-n, i+n*Lanes {
		n = min(n, blocks)
		for o := 0; o < d.out; {
			rows := min(d.isa.gemmHeight(), lowerPanel(d.out-o))
			a := denseWeightArgs{
				x: address(x, i*Lanes), dy: address(dy, o*Lanes), dw: address(dw, o*d.in+i), dwRow: d.in * 4,
				blocks: n, groups: groups, xGroup: d.in * blockSize, dyGroup: d.out * blockSize,
			}
			denseWeightAVX512(&a, rows)
			o += rows
		}
	}
}

func denseWeightAVX512(a *denseWeightArgs, rows int) {
	switch p := (*byte)(unsafe.Pointer(a)); rows {
	case 12:
		denseWeight12AVX512(p)
	case 10:
		denseWeight10AVX512(p)
	case 8:
		denseWeight8AVX512(p)
	case 6:
		denseWeight6AVX512(p)
	case 4:
		denseWeight4AVX512(p)
	case 3:
		denseWeight3AVX512(p)
	case 2:
		denseWeight2AVX512(p)
	case 1:
		denseWeight1AVX512(p)
	}
}

// denseDataArgs is the argument of the denseData kernel, likewise.
type denseDataArgs struct {
	dx, w, dy, gate unsafe.Pointer // no gate: nil
	wRow            int
	terms           int
	blocks          int // of features
}

// dataBlocks computes so many blocks of features of a group from feature i on.
func (d *Dense) dataBlocks(dx, w, dy, gate []float32, i, blocks int) {
	a := denseDataArgs{
		dx: address(dx, i*Lanes), w: address(w, i), dy: address(dy, 0), gate: address(gate, i*Lanes),
		wRow: d.in * 4, terms: d.out, blocks: blocks,
	}
	denseDataAVX512((*byte)(unsafe.Pointer(&a)))
}
