package cpufeature_test

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gradus/internal/cpufeature"
)

// What the kernel lists is found: otherwise all tests of an instruction set
// would pass by not running.
func TestAgreesWithTheKernel(t *testing.T) {
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil || runtime.GOARCH != "amd64" {
		t.Skip("no list of processor features to compare with")
	}
	_, rest, _ := strings.Cut(string(text), "\nflags")
	line, _, _ := strings.Cut(rest, "\n")
	flags := strings.Fields(line)
	has := func(names ...string) bool {
		return !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(flags, n) })
	}
	if want, got := has("avx2", "fma"), cpufeature.AVX2(); got != want {
		t.Errorf("AVX2: expected %v, got %v", want, got)
	}
	if want, got := has("avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"), cpufeature.AVX512(); got != want {
		t.Errorf("AVX-512: expected %v, got %v", want, got)
	}
}
