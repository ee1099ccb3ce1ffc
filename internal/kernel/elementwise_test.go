package kernel

import (
	"fmt"
	"math"
	"testing"

	"gradus/random"
)

// special are the numbers that break careless code.
var special = []float32{
	0, float32(math.Copysign(0, -1)), 1, -1, 0.5, -2.25, 1e-3, 3e38, -3e38, 1e-38, -1e-38, 1e-45, -1e-45, 88, -88, 1000, -1000,
	float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.NaN()),
}

// canary fills the guard bands around slices.
const canary = 12345.5

// banded is a slice of n numbers at an offset into a bigger one whose other
// numbers must not change.
type banded struct {
	all, x []float32
}

func newBanded(n, offset int) banded {
	all := make([]float32, offset+n+2*Lanes)
	for i := range all {
		all[i] = canary
	}
	return banded{all, all[offset : offset+n : offset+n]}
}

func (b banded) check(t *testing.T, what string) {
	t.Helper()
	inside := len(b.all) - cap(b.all[len(b.all):])
	lo := 0
	for &b.all[lo] != &b.x[:1][0] {
		lo++
	}
	for i := range inside {
		if (i < lo || i >= lo+len(b.x)) && b.all[i] != canary {
			t.Fatalf("%s: wrote outside, at %d of a slice of %d", what, i-lo, len(b.x))
		}
	}
}

// functions are the elementwise functions of up to two operands, with the
// largest difference of SIMD from portable code in units of the last place;
// 0 wants the same bits.
var functions = []struct {
	name string
	ulps float64
	run  func(s ISA, y, a, b []float32)
}{
	{"ReLU", 0, func(s ISA, y, a, _ []float32) { s.ReLU(y, a) }},
	{"ReLUGradient", 0, func(s ISA, y, a, b []float32) { s.ReLUGradient(y, a, b) }},
	{"Sigmoid", 2, func(s ISA, y, a, _ []float32) { s.Sigmoid(y, a) }},
	{"SigmoidGradient", 0, func(s ISA, y, a, b []float32) { s.SigmoidGradient(y, a, b) }},
	{"Tanh", 2, func(s ISA, y, a, _ []float32) { s.Tanh(y, a) }},
	{"TanhGradient", 0, func(s ISA, y, a, b []float32) { s.TanhGradient(y, a, b) }},
	{"Affine", 1, func(s ISA, y, a, _ []float32) { s.Affine(y, a, 0.5, 0.25) }},
	{"Add", 0, func(s ISA, y, a, b []float32) { s.Add(y, a, b) }},
	{"AddScalar", 0, func(s ISA, y, a, _ []float32) { s.AddScalar(y, a, 0.7) }},
	{"Mul", 0, func(s ISA, y, a, b []float32) { s.Mul(y, a, b) }},
	{"MulScalar", 0, func(s ISA, y, a, _ []float32) { s.MulScalar(y, a, 0.7) }},
	{"SGDVelocity", 0, func(s ISA, y, a, b []float32) { s.SGDVelocity(y, a, b, 0.9) }},
	{"SGDStep", 0, func(s ISA, y, a, b []float32) { s.SGDStep(y, a, b, 0.07) }},
}

func TestL03L06ElementwiseFunctions(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(1, "elementwise")
		for _, f := range functions {
			t.Run(f.name, func(t *testing.T) {
				for n := 0; n <= 67; n++ {
					for offset := range 4 { // starts that are not aligned
						a, b, want := numbers(r, n), numbers(r, n), make([]float32, n)
						f.run(Portable, want, a, b)
						got := newBanded(n+1, offset)
						f.run(isa, got.x[:n], a, b)
						what := fmt.Sprintf("%d numbers", n)
						got.x[n] = canary
						got.check(t, what)
						near(t, what, got.x[:n], want, a, f.ulps)

						over := append([]float32{}, a...) // the result over its operand
						f.run(isa, over, over, b)
						near(t, what+" in place", over, want, a, f.ulps)
					}
				}
			})
		}
	})
}

// numbers mixes special numbers with usual ones.
func numbers(r *random.Stream, n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(r.Uniform(-4, 4))
		if r.IntN(3) == 0 {
			x[i] = special[r.IntN(len(special))]
		}
	}
	return x
}

// near compares results: to the bit where ulps is 0, else to so many units in
// the last place where the result is a normal number.
func near(t *testing.T, what string, got, want, of []float32, ulps float64) {
	t.Helper()
	for i, w := range want {
		g := got[i]
		bothNaN := g != g && w != w
		switch {
		case bothNaN || math.Float32bits(g) == math.Float32bits(w):
		case ulps == 0, g != g, w != w:
			t.Fatalf("%s: f(%v) = %v, want %v", what, of[i], g, w)
		case distance(g, w) > ulps && math.Abs(float64(g-w)) > 0x1p-126*0x1p-22:
			t.Fatalf("%s: f(%v) = %v, want %v: %v units apart", what, of[i], g, w, distance(g, w))
		}
	}
}

// distance is how many units of w's last place g is away.
func distance(g, w float32) float64 {
	if math.IsInf(float64(w), 0) || math.IsInf(float64(g), 0) {
		return math.Inf(1)
	}
	unit := float64(math.Nextafter32(float32(math.Abs(float64(w))), float32(math.Inf(1)))) - math.Abs(float64(w))
	return math.Abs(float64(g)-float64(w)) / unit
}

// exponentials are the functions made of an exponential, and what float64 says they are.
var exponentials = []struct {
	name  string
	run   func(s ISA, y, x []float32)
	exact func(float64) float64
}{
	{"sigmoid", ISA.Sigmoid, func(x float64) float64 { return 1 / (1 + math.Exp(-x)) }},
	{"tanh", ISA.Tanh, math.Tanh},
}

// unitsOff is by how many units in the last place results are off at most, and where.
func unitsOff(y, x []float32, exact func(float64) float64) (worst float64, at float32) {
	for i, v := range x {
		want := exact(float64(v))
		if math.Abs(want) < 0x1p-126 {
			continue // not a normal number
		}
		unit := math.Ldexp(1, math.Ilogb(want)-23)
		if d := math.Abs(float64(y[i])-want) / unit; !(d <= worst) {
			worst, at = d, v
		}
	}
	return worst, at
}

// TestSigmoidAndTanhAreWithinTwoUnits compares with float64 all over the range
// of float32, and closely where they are neither straight nor flat.
func TestSigmoidAndTanhAreWithinTwoUnits(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		var x []float32
		for bits := uint32(0); bits < 0x7f800000; bits += 4099 {
			x = append(x, math.Float32frombits(bits), -math.Float32frombits(bits))
		}
		for bits := math.Float32bits(0.1); bits < math.Float32bits(20); bits += 61 {
			x = append(x, math.Float32frombits(bits), -math.Float32frombits(bits))
		}
		y := make([]float32, len(x))
		for _, f := range exponentials {
			f.run(isa, y, x)
			worst, at := unitsOff(y, x, f.exact)
			if !(worst <= 2) {
				t.Errorf("%s(%v) is %v units in the last place off, want at most 2", f.name, at, worst)
			}
			t.Logf("%s: at most %.2f units in the last place off", f.name, worst)
		}
	})
}

func TestNonFinite(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		for n := range 68 {
			x := make([]float32, n)
			for i := range x {
				x[i] = special[i%17] // the finite ones
			}
			if got := isa.NonFinite(x); got != 0 {
				t.Fatalf("%d finite numbers: got %d", n, got)
			}
			for i := range x {
				for _, bad := range special[17:] {
					keep := x[i]
					x[i] = bad
					if isa.NonFinite(x) != 1 || FirstNonFinite(x) != i {
						t.Fatalf("%v at %d of %d was not found", bad, i, n)
					}
					x[i] = keep
				}
			}
		}
	})
}

func TestSGD(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(3, "updates")
		for _, n := range []int{0, 1, 15, 16, 17, 33, 64, 100, callBlocks*Lanes + 16} {
			const momentum, rate = 0.9, 0.07
			v, w, g := numbers(r, n), numbers(r, n), numbers(r, n)
			wantV, wantW := make([]float32, n), make([]float32, n)
			Portable.SGDVelocity(wantV, v, g, momentum)
			Portable.SGDStep(wantW, w, wantV, rate)
			gotV, gotW := newBanded(n+1, 1), newBanded(n+1, 3)
			isa.SGD(gotV.x[:n], gotW.x[:n], v, w, g, momentum, rate)
			isa.SGD(v, w, v, w, g, momentum, rate) // in place
			for _, result := range []struct {
				what      string
				got, want []float32
				all       banded
			}{{"velocity", v, wantV, gotV}, {"parameter", w, wantW, gotW}} {
				what := fmt.Sprintf("%s of %d numbers", result.what, n)
				result.all.x[n] = canary
				result.all.check(t, what)
				near(t, what, result.all.x[:n], result.want, g, 0)
				near(t, what+" in place", result.got, result.want, g, 0)
			}
		}
	})
}

// TestSums adds up rows of every length: one tree for all instruction sets, the same
// bits.
func TestSums(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(2, "sums")
		for n := range 20 {
			for rows := range 10 {
				x := reals(r, rows*n*Lanes)
				got, want := newBanded(rows+1, 0), make([]float32, rows)
				for k := range want {
					want[k] = float32(k)
					got.x[k] = float32(k)
				}
				Portable.SumRows(want, x, n)
				isa.SumRows(got.x[:rows], x, n)
				what := fmt.Sprintf("%d rows of %d blocks", rows, n)
				got.x[rows] = canary
				got.check(t, what)
				near(t, what, got.x[:rows], want, want, 0)
			}
			x, y := reals(r, n*Lanes), reals(r, n*Lanes)
			var want [1]float32
			products := make([]float32, len(x))
			isa.Mul(products, x, y)
			Portable.SumRows(want[:], products, n)
			if got := isa.SumProducts(x, y, n); got != want[0] {
				t.Errorf("products of %d blocks: got %v, want %v", n, got, want[0])
			}
		}
		x := reals(r, 6*callBlocks/2*Lanes) // more than one call
		var got, want [6]float32
		isa.SumRows(got[:], x, callBlocks/2)
		Portable.SumRows(want[:], x, callBlocks/2)
		if got != want {
			t.Errorf("rows of %d blocks: got %v, want %v", callBlocks/2, got, want)
		}
	})
}
