//go:build !amd64 && !arm64

package kernel

// Without kernels the tables are empty: ISA.Check admits portable code only.
var (
	reluKernels            unary
	reluGradientKernels    binary
	sigmoidKernels         unary
	sigmoidGradientKernels binary
	tanhKernels            unary
	tanhGradientKernels    binary
	addKernels             binary
	addScalarKernels       unaryScalar
	mulKernels             binary
	mulScalarKernels       unaryScalar
	sgdVelocityKernels     binaryScalar
	sgdStepKernels         binaryScalar
	sgdKernels             updates

	affineKernels               [2]func(y, a *float32, p, q float32, n int)
	nonFiniteKernels            [2]func(x *float32, n int) int
	sumRowsKernels              [2]func(out, x *float32, n, rows int)
	sumProductsKernels          [2]func(x, y *float32, n int) float32
	crossEntropyKernels         [2]func(loss, x, labels *float32, classes int)
	crossEntropyGradientKernels [2]func(dx, x, labels, dloss *float32, classes int)
	crossEntropyBothKernels     [2]func(loss, dx, x, labels, dloss *float32, classes int)
	wrongAnswersKernels         [2]func(x, labels *float32, classes int) uint64
	average2x2Kernels           average2x2
	average2x2GradientKernels   average2x2
	peakKernels                 [2]func(rounds int)
	transposeKernels            transposition
)

func (s ISA) sigmoidRest(_, _ []float32)                                  { panic(noKernels) }
func (s ISA) tanhRest(_, _ []float32)                                     { panic(noKernels) }
func (s ISA) affineRest(_, _ []float32, _, _ float32)                     { panic(noKernels) }
func (s ISA) gatherRows(_ *float32, _ *[Lanes]*byte, _ int, _, _ float32) { panic(noKernels) }
func (s ISA) gathers() bool                                               { return false }
func prefetch(*byte, int)                                                 {}
