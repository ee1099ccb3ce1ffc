//go:build slow

package kernel

import (
	"math"
	"testing"
)

// TestSigmoidAndTanhOfAllNumbers tries all numbers between where both functions are
// straight and where they are flat.
func TestSigmoidAndTanhOfAllNumbers(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		if isa == Portable {
			t.Skip("float64 is more exact than this compares with")
		}
		for _, f := range exponentials {
			worst, at := 0.0, float32(0)
			x := make([]float32, 1<<17)
			y := make([]float32, len(x))
			first, end := math.Float32bits(0x1p-14), math.Float32bits(104)
			for ; first < end; first += uint32(len(x) / 2) {
				for i := range x {
					x[i] = math.Float32frombits(first + uint32(i/2))
					if i%2 == 1 {
						x[i] = -x[i]
					}
				}
				f.run(isa, y, x)
				if d, v := unitsOff(y, x, f.exact); !(d <= worst) {
					worst, at = d, v
				}
			}
			if !(worst <= 1.8) {
				t.Errorf("%s(%v) is %v units in the last place off, want at most 1.8", f.name, at, worst)
			}
			t.Logf("%s: at most %.3f units in the last place off, at %v", f.name, worst, at)
		}
	})
}
