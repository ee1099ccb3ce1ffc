package kernel

import (
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestEveryInstructionSetIsExercised fails where the machine has an instruction
// set whose kernels no test has run: the tests of instruction sets go through
// Available and would pass without it. What the machine has is what the
// operating system lists, asked apart from the code under test.
func TestEveryInstructionSetIsExercised(t *testing.T) {
	want := append(listed(t), Portable)
	if got := Available(); !slices.Equal(got, want) {
		t.Errorf("expected tests to run with %v, got %v", want, got)
	}
	for _, isa := range want {
		t.Run(string(isa), func(t *testing.T) {
			c := NewConvolution(Conv2d{C: 1, H: 1, W: 1, K: 1, R: 1, S: 1, StrideH: 1, StrideW: 1, OutH: 1, OutW: 1}, isa)
			if d := NewDense(Lanes, Lanes, isa); c.isa != isa || d.isa != isa {
				t.Fatalf("expected kernels of %s, got %s and %s", isa, c.isa, d.isa)
			}
			// (1+e)(1-e) - 1 is -e*e where the product is not rounded by itself,
			// as in assembly, and 0 where it is, as in portable code.
			const e = 1. / (1 << 13)
			want := float32(-e * e)
			if isa == Portable {
				want = 0
			}
			x, y := make([]float32, Lanes), make([]float32, Lanes)
			for i := range x {
				x[i] = 1 + e
			}
			c.Forward(y, x, []float32{1 - e}, []float32{-1}, Ending{}, 1, 0, 1)
			for i, got := range y {
				if got != want {
					t.Errorf("lane %d: expected %v, got %v", i, want, got)
				}
			}
		})
	}
}

// listed is the instruction sets this machine has by the operating system's
// list, the fastest first.
func listed(t *testing.T) []ISA {
	t.Helper()
	switch {
	case runtime.GOARCH == "arm64":
		return []ISA{NEON} // part of the architecture
	case runtime.GOARCH != "amd64":
		return nil
	case runtime.GOOS != "linux":
		t.Skip("this operating system lists no features of processors in a file")
	}
	text, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nflags")
	line, _, _ := strings.Cut(rest, "\n")
	flags := strings.Fields(line)
	if len(flags) < 10 {
		t.Fatalf("/proc/cpuinfo: expected a list of features, got %q", line)
	}
	var list []ISA
	for _, set := range []struct {
		isa   ISA
		needs []string
	}{
		{AVX512, []string{"avx2", "fma", "avx512f", "avx512dq", "avx512bw", "avx512vl"}},
		{AVX2, []string{"avx2", "fma"}},
	} {
		if !slices.ContainsFunc(set.needs, func(name string) bool { return !slices.Contains(flags, name) }) {
			list = append(list, set.isa)
		}
	}
	return list
}
