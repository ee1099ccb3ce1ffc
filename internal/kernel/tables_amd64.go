package kernel

// The SIMD kernels by instruction set: AVX-512, AVX2.
var (
	reluKernels            = unary{reluAVX512, reluAVX2}
	reluGradientKernels    = binary{reluGradientAVX512, reluGradientAVX2}
	sigmoidKernels         = unary{sigmoidAVX512, sigmoidAVX2}
	sigmoidGradientKernels = binary{sigmoidGradientAVX512, sigmoidGradientAVX2}
	tanhKernels            = unary{tanhAVX512, tanhAVX2}
	tanhGradientKernels    = binary{tanhGradientAVX512, tanhGradientAVX2}
	addKernels             = binary{addAVX512, addAVX2}
	addScalarKernels       = unaryScalar{addScalarAVX512, addScalarAVX2}
	mulKernels             = binary{mulAVX512, mulAVX2}
	mulScalarKernels       = unaryScalar{mulScalarAVX512, mulScalarAVX2}
	sgdVelocityKernels     = binaryScalar{sgdVelocityAVX512, sgdVelocityAVX2}
	sgdStepKernels         = binaryScalar{sgdStepAVX512, sgdStepAVX2}
	sgdKernels             = updates{sgdAVX512, sgdAVX2}

	affineKernels               = [2]func(y, a *float32, p, q float32, n int){affineAVX512, affineAVX2}
	nonFiniteKernels            = [2]func(x *float32, n int) int{nonFiniteAVX512, nonFiniteAVX2}
	sumRowsKernels              = [2]func(out, x *float32, n, rows int){sumRowsAVX512, sumRowsAVX2}
	sumProductsKernels          = [2]func(x, y *float32, n int) float32{sumProductsAVX512, sumProductsAVX2}
	crossEntropyKernels         = [2]func(loss, x, labels *float32, classes int){crossEntropyAVX512, crossEntropyAVX2}
	crossEntropyGradientKernels = [2]func(dx, x, labels, dloss *float32, classes int){crossEntropyGradientAVX512, crossEntropyGradientAVX2}
	crossEntropyBothKernels     = [2]func(loss, dx, x, labels, dloss *float32, classes int){crossEntropyBothAVX512, crossEntropyBothAVX2}
	wrongAnswersKernels         = [2]func(x, labels *float32, classes int) uint64{wrongAnswersAVX512, wrongAnswersAVX2}
	average2x2Kernels           = average2x2{average2x2AVX512, average2x2AVX2}
	average2x2GradientKernels   = average2x2{average2x2GradientAVX512, average2x2GradientAVX2}
	peakKernels                 = [2]func(rounds int){peakAVX512, peakAVX2}
	transposeKernels            = transposition{transposeAVX512, transposeAVX2}
)

// What is left of a slice after whole blocks, less than a block, goes through
// the same kernels where portable code would give other bits: what becomes of a
// number must not depend on where it stands. The calls are direct, so that the
// blocks stay on the stack.

func (s ISA) sigmoidRest(y, x []float32) {
	var a, b block
	copy(a[:], x)
	if s == AVX512 {
		sigmoidAVX512(&b[0], &a[0], Lanes)
	} else {
		sigmoidAVX2(&b[0], &a[0], Lanes)
	}
	copy(y, b[:len(x)])
}

func (s ISA) tanhRest(y, x []float32) {
	var a, b block
	copy(a[:], x)
	if s == AVX512 {
		tanhAVX512(&b[0], &a[0], Lanes)
	} else {
		tanhAVX2(&b[0], &a[0], Lanes)
	}
	copy(y, b[:len(x)])
}

func (s ISA) affineRest(y, x []float32, p, q float32) {
	var a, b block
	copy(a[:], x)
	if s == AVX512 {
		affineAVX512(&b[0], &a[0], p, q, Lanes)
	} else {
		affineAVX2(&b[0], &a[0], p, q, Lanes)
	}
	copy(y, b[:len(x)])
}

// gatherRows calls the kernel of GatherBytes.
func (s ISA) gatherRows(out *float32, rows *[Lanes]*byte, n int, scale, shift float32) {
	if s == AVX512 {
		gatherBytesAVX512(out, rows, n, scale, shift)
	} else {
		gatherBytesAVX2(out, rows, n, scale, shift)
	}
}

// gathers reports whether there is a kernel for gatherRows.
func (s ISA) gathers() bool { return s != Portable }
