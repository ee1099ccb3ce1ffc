package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// exponential is the constants of exp in registers.
type exponential struct {
	lo, hi, log2e, ln2Hi, ln2Lo, one reg.VecVirtual
}

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
	n, p := s.reduced(e, x)
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

// reduced is n and e^r - 1 of x = n ln 2 + r. x becomes r.
func (s isa) reduced(e exponential, x reg.VecVirtual) (n, p reg.VecVirtual) {
	n, p = s.register(), s.register()
	VMULPS(e.log2e, x, n)
	s.round(n, n)
	VFNMADD231PS(e.ln2Hi, n, x)
	VFNMADD231PS(e.ln2Lo, n, x)
	VBROADCASTSS(constData(layout.ExpSeries[0]), p)
	for _, c := range layout.ExpSeries[1:] {
		s.hornerStep(p, x, c)
	}
	r2 := s.register()
	VMULPS(x, x, r2)
	VFMADD213PS(x, r2, p) // r + r*r*p
	return n, p
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
	n, p := s.reduced(e, r)
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

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x. A step of
// Newton's method, with what is lost in rounding 1+d, leaves the error of d and one
// rounding.
func (s isa) sigmoid(e exponential, d decay, x reg.VecVirtual) reg.VecVirtual {
	sum, lost, one := s.register(), s.register(), s.register()
	VADDPS(e.one, d.exp, sum)
	VSUBPS(sum, e.one, lost)
	VADDPS(d.exp, lost, lost)
	VMOVAPS(e.one, one)
	rest := s.choose(x, d.exp, one)
	inverse, r := s.register(), s.register()
	VDIVPS(sum, e.one, inverse)
	VMULPS(inverse, rest, r)
	VFNMADD231PS(sum, r, rest)
	VFNMADD231PS(lost, r, rest)
	VFMADD231PS(inverse, rest, r)
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
	VBROADCASTSS(constData(layout.TanhSeries[0]), p)
	for _, c := range layout.TanhSeries[1:] {
		s.hornerStep(p, z, c)
	}
	VMULPS(z, p, p)
	VFMADD213PS(x, x, p)

	small := s.register() // negative where |x| is not
	VADDPS(s.constant(layout.TanhSmall), d.size, small)
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
