// Package cpufeature knows which instruction sets this machine can execute.
package cpufeature

// AVX512 reports whether the processor and the operating system support the
// AVX-512 instructions the kernels use (F, DQ, BW, VL).
func AVX512() bool { return avx512 }

// AVX2 reports whether AVX2 and fused multiply-add are supported.
func AVX2() bool { return avx2 }

// NEON reports whether Arm's 128-bit vectors are supported, which every 64-bit
// Arm processor has.
func NEON() bool { return neon }
