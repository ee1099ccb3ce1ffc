//go:build !amd64

package cpufeature

const avx2, avx512 = false, false
