//go:build !amd64 && !arm64

package kernel

import "gradus/internal/kernel/chain"

func (k *Chain) simd(_ *box, _ *[chain.MaxSlices][]float32, _ []float32) { panic(noKernels) }
