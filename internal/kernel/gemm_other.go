//go:build !amd64 && !arm64

package kernel

func (p *gemm) call(_, _, _, _, _ int) { panic(noKernels) }

func (s ISA) gemmPackPanels(_, _ []float32, _, _, _, _ int) { panic(noKernels) }
