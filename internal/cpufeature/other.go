//go:build !amd64 && !arm64

package cpufeature

const avx2, avx512, neon = false, false, false
