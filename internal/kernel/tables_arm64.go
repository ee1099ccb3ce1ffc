package kernel

// The kernels of NEON.
var (
	reluKernels            = unary{reluNEON}
	reluGradientKernels    = binary{reluGradientNEON}
	sigmoidKernels         = unary{sigmoidNEON}
	sigmoidGradientKernels = binary{sigmoidGradientNEON}
	tanhKernels            = unary{tanhNEON}
	tanhGradientKernels    = binary{tanhGradientNEON}
	addKernels             = binary{addNEON}
	addScalarKernels       = unaryScalar{addScalarNEON}
	mulKernels             = binary{mulNEON}
	mulScalarKernels       = unaryScalar{mulScalarNEON}
	sgdVelocityKernels     = binaryScalar{sgdVelocityNEON}
	sgdStepKernels         = binaryScalar{sgdStepNEON}
	sgdKernels             = updates{sgdNEON}

	affineKernels               = [2]func(y, a *float32, p, q float32, n int){affineNEON}
	nonFiniteKernels            = [2]func(x *float32, n int) int{nonFiniteNEON}
	sumRowsKernels              = [2]func(out, x *float32, n, rows int){sumRowsNEON}
	sumProductsKernels          = [2]func(x, y *float32, n int) float32{sumProductsNEON}
	crossEntropyKernels         = [2]func(loss, x, labels *float32, classes int){crossEntropyNEON}
	crossEntropyGradientKernels = [2]func(dx, x, labels, dloss *float32, classes int){crossEntropyGradientNEON}
	crossEntropyBothKernels     = [2]func(loss, dx, x, labels, dloss *float32, classes int){crossEntropyBothNEON}
	wrongAnswersKernels         = [2]func(x, labels *float32, classes int) uint64{wrongAnswersNEON}
	average2x2Kernels           = average2x2{} // averages run as convolutions
	average2x2GradientKernels   = average2x2{}
	peakKernels                 = [2]func(rounds int){peakNEON}
	transposeKernels            = transposition{transposeNEON}
)

// What is left of a slice after whole blocks, see tables_amd64.go.

func (s ISA) sigmoidRest(y, x []float32) {
	var a, b block
	copy(a[:], x)
	sigmoidNEON(&b[0], &a[0], Lanes)
	copy(y, b[:len(x)])
}

func (s ISA) tanhRest(y, x []float32) {
	var a, b block
	copy(a[:], x)
	tanhNEON(&b[0], &a[0], Lanes)
	copy(y, b[:len(x)])
}

func (s ISA) affineRest(y, x []float32, p, q float32) {
	var a, b block
	copy(a[:], x)
	affineNEON(&b[0], &a[0], p, q, Lanes)
	copy(y, b[:len(x)])
}

// gatherRows calls the kernel of GatherBytes.
func (s ISA) gatherRows(out *float32, rows *[Lanes]*byte, n int, scale, shift float32) {
	gatherBytesNEON(out, rows, n, scale, shift)
}

// gathers reports whether there is a kernel for gatherRows.
func (s ISA) gathers() bool { return s != Portable }

func prefetch(p *byte, n int) { prefetchNEON(p, n) }
