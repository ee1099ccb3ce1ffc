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

// decay is exp(-|x|), and -|x|. Sigmoid and tanh are made of it; one who needs both
// computes it once.
type decay struct{ exp, size reg.VecVirtual }

// decay computes exp as exp does, but scales before the last sum: one rounding
// less.
func (s isa) decay(e exponential, x reg.VecVirtual) decay {
	size, r := s.register(), s.register()
	VBROADCASTSS(constBits(1<<31), size)
	s.or(size, x, size)
	VMAXPS(size, e.lo, r) // NaN stays NaN
	n, p := s.register(), s.register()
	VMULPS(e.log2e, r, n)
	s.round(n, n)
	VFNMADD231PS(e.ln2Hi, n, r)
	VFNMADD231PS(e.ln2Lo, n, r)
	VBROADCASTSS(constData(expSeries[0]), p)
	for _, c := range expSeries[1:] {
		s.hornerStep(p, r, c)
	}
	r2 := s.register()
	VMULPS(r, r, r2)
	VFMADD213PS(r, r2, p) // r + r*r*p

	power := s.register()
	if s.bytes == 64 {
		VSCALEFPS(n, e.one, power)
	} else { // in two steps, as 2^n may be denormal
		half, whole := s.register(), s.register()
		VCVTPS2DQ(n, whole)
		VPSRAD(U8(1), whole, half)
		VPSUBD(half, whole, whole)
		VMULPS(s.powerOfTwo(half), s.powerOfTwo(whole), power)
	}
	VFMADD213PS(power, power, p) // 2^n (e^r - 1) + 2^n
	return decay{p, size}
}

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x.
func (s isa) sigmoid(e exponential, d decay, x reg.VecVirtual) reg.VecVirtual {
	sum, one := s.register(), s.register()
	VADDPS(e.one, d.exp, sum)
	VMOVAPS(e.one, one)
	r := s.choose(x, d.exp, one)
	VDIVPS(sum, r, r)
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

// tanhSeries is the polynomial (tanh(x)/x - 1)/x^2 in x^2 for |x| <= 0.625, of
// the highest power first: interpolation at Chebyshev nodes, relative error of
// tanh below 1e-9 before rounding.
var tanhSeries = []float32{
	0.002292744933271064, -0.008343945656722359, 0.021768918714273798,
	-0.0539592595901188, 0.13333303557030216, -0.33333333172143487,
}

// tanh is x + x^3 p(x^2) for small |x|, else 1 - 2d^2/(1+d^2) with d = exp(-|x|) and
// the sign of x.
func (s isa) tanh(e exponential, d decay, x reg.VecVirtual) reg.VecVirtual {
	square, q := s.register(), s.register()
	VMULPS(d.exp, d.exp, square)
	VADDPS(square, square, q)
	VADDPS(e.one, square, square)
	VDIVPS(square, q, q)
	VSUBPS(q, e.one, q)

	z, p := s.register(), s.register()
	VMULPS(x, x, z)
	VBROADCASTSS(constData(tanhSeries[0]), p)
	for _, c := range tanhSeries[1:] {
		s.hornerStep(p, z, c)
	}
	VMULPS(z, p, p)
	VFMADD213PS(x, x, p)

	small := s.register() // negative where |x| is not
	VADDPS(s.constant(0.625), d.size, small)
	return s.choose(small, s.withSign(x, q), p)
}

// withSign is a number that is not negative, with the sign of x.
func (s isa) withSign(x, number reg.VecVirtual) reg.VecVirtual {
	sign := s.register()
	VBROADCASTSS(constBits(1<<31), sign)
	if s.bytes == 64 {
		const andOr = 0xf8 // the first operand or both others
		VPTERNLOGD(U8(andOr), sign, x, number)
		return number
	}
	s.and(sign, x, sign)
	s.or(sign, number, number)
	return number
}
