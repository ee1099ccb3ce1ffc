//go:build !amd64 && !arm64

package kernel

// Without kernels no Convolution asks for a call: ISA.Check admits portable
// code only.

func multiply(ISA, *tileArgs, int) {
	panic(noKernels)
}

func weightGradient(ISA, *weightArgs, int, int) {
	panic(noKernels)
}

func (p *channelProduct) call(_, _, _ int) { panic(noKernels) }

const callWork = 1

const noKernels = "kernel: no instruction set but portable"
