package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// exponential is the constants of exp in registers.
type exponential struct {
	lo, hi, log2e, ln2Hi, ln2Lo, one reg.VecVirtual
}

// expSeries is the Taylor series of e^r from r^7 down to r^2: |r| <= ln 2 / 2
// leaves an error of 5e-9.
var expSeries = []float32{1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5}

func (s isa) exponential() exponential {
	return exponential{
		lo: s.constant(-104), hi: s.constant(89), log2e: s.constant(math.Log2E),
		// ln2Hi has few bits, so that n*ln2Hi is exact.
		ln2Hi: s.constant(0.693359375), ln2Lo: s.constant(-2.12194440e-4), one: s.constant(1),
	}
}

// exp is e^x: x = n ln 2 + r, e^r by its series, times 2^n in two steps so that
// results that are denormal come out right. NaN stays NaN. x is overwritten.
func (s isa) exp(e exponential, x reg.VecVirtual) reg.VecVirtual {
	VMAXPS(x, e.lo, x)
	VMINPS(x, e.hi, x)
	n, p := s.register(), s.register()
	VMULPS(e.log2e, x, n)
	s.round(n, n)
	VFNMADD231PS(e.ln2Hi, n, x)
	VFNMADD231PS(e.ln2Lo, n, x)
	VBROADCASTSS(constData(expSeries[0]), p)
	for _, c := range expSeries[1:] {
		s.hornerStep(p, x, c)
	}
	// 1 + r + r*r*p
	r2 := s.register()
	VMULPS(x, x, r2)
	VFMADD213PS(x, r2, p)
	VADDPS(e.one, p, p)

	if s.bytes == 64 { // rounds once, as the two steps do
		VSCALEFPS(n, p, p)
		return p
	}
	half, whole := s.register(), s.register()
	VCVTPS2DQ(n, whole)
	VPSRAD(U8(1), whole, half)
	VPSUBD(half, whole, whole)
	VMULPS(s.powerOfTwo(half), p, p)
	VMULPS(s.powerOfTwo(whole), p, p)
	return p
}

// hornerStep is p = p*x + c.
func (s isa) hornerStep(p, x reg.VecVirtual, c float32) {
	if s.bytes == 64 {
		VFMADD213PS_BCST(constData(c), x, p)
		return
	}
	v := s.register()
	VBROADCASTSS(constData(c), v)
	VFMADD213PS(v, x, p)
}

// round rounds to the nearest whole number, ties to even.
func (s isa) round(x, to reg.VecVirtual) {
	if s.bytes == 64 {
		VRNDSCALEPS(U8(0), x, to)
	} else {
		VROUNDPS(U8(0), x, to)
	}
}

// powerOfTwo is 2^n of whole numbers; n is overwritten.
func (s isa) powerOfTwo(n reg.VecVirtual) reg.VecVirtual {
	bias := s.register()
	VPBROADCASTD(constBits(127), bias)
	VPADDD(bias, n, n)
	VPSLLD(U8(23), n, n)
	return n
}

// sigmoid is 1/(1+e) or e/(1+e) with e = exp(-|x|), by the sign of x.
func (s isa) sigmoid(e exponential, x reg.VecVirtual) reg.VecVirtual {
	sign, a := s.register(), s.register()
	VBROADCASTSS(constBits(1<<31), sign)
	s.or(sign, x, a) // -|x|
	p := s.exp(e, a)
	d, one := s.register(), s.register()
	VADDPS(e.one, p, d)
	VMOVAPS(e.one, one)
	r := s.choose(x, p, one)
	VDIVPS(d, r, r)
	return r
}

// choose is a where the sign bit of x is set, else b; a and b are overwritten.
func (s isa) choose(x, a, b reg.VecVirtual) reg.VecVirtual {
	if s.bytes == 64 {
		k := K()
		VPMOVD2M(x, k)
		VBLENDMPS(a, b, k, b)
		return b
	}
	VBLENDVPS(x, a, b, b)
	return b
}

// hyperbolic is the constants of tanh in registers.
type hyperbolic struct {
	exponential
	sign, limit, two reg.VecVirtual
}

// tanhSeries is the polynomial (tanh(x)/x - 1)/x^2 in x^2 for |x| <= 0.625, of
// the highest power first: interpolation at Chebyshev nodes, relative error of
// tanh below 1e-9 before rounding.
var tanhSeries = []float32{
	0.002292744933271064, -0.008343945656722359, 0.021768918714273798,
	-0.0539592595901188, 0.13333303557030216, -0.33333333172143487,
}

func (s isa) hyperbolic() hyperbolic {
	sign := s.register()
	VBROADCASTSS(constBits(1<<31), sign)
	return hyperbolic{s.exponential(), sign, s.constant(0.625), s.constant(2)}
}

// tanh is x + x^3 p(x^2) for small |x|, else 1 - 2/(e^2|x| + 1) with the sign
// of x.
func (s isa) tanh(t hyperbolic, x reg.VecVirtual) reg.VecVirtual {
	sign, a, big := s.register(), s.register(), s.register()
	s.and(t.sign, x, sign)
	s.xor(sign, x, a) // |x|
	VADDPS(a, a, big)
	e := s.exp(t.exponential, big)
	VADDPS(t.one, e, e)
	q := s.register()
	VDIVPS(e, t.two, q)
	VSUBPS(q, t.one, q)
	s.or(sign, q, q)

	z, p := s.register(), s.register()
	VMULPS(x, x, z)
	VBROADCASTSS(constData(tanhSeries[0]), p)
	for _, c := range tanhSeries[1:] {
		s.hornerStep(p, z, c)
	}
	VMULPS(z, p, p)
	VFMADD213PS(x, x, p)

	VSUBPS(t.limit, a, a) // negative where |x| is small
	return s.choose(a, p, q)
}

func (s isa) xor(a, b, to reg.VecVirtual) {
	if s.bytes == 64 {
		VPXORD(a, b, to)
	} else {
		VXORPS(a, b, to)
	}
}
