package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// exp is e^x: x = n ln 2 + r, e^r by its series, times 2^n in two steps so that
// results that are denormal come out right. NaN stays NaN. x is overwritten.
func (s isa) exp(x, one reg.VecVirtual) reg.VecVirtual {
	VMAXPS(x, s.constant(layout.ExpLo), x)
	VMINPS(x, s.constant(layout.ExpHi), x)
	n, rounded := s.reduce(x)
	p := s.register()
	s.expm1(x, p)
	s.add(p, one, p)

	if s.bytes == 64 { // rounds once, as the two steps do
		VSCALEFPS(n, p, p)
		return p
	}
	half := s.register()
	VPSUBD(s.constant(layout.Round), rounded, n)
	VPSRAD(U8(1), n, half)
	VPSUBD(half, n, n)
	s.mul(p, s.powerOfTwo(half), p)
	s.mul(p, s.powerOfTwo(n), p)
	return p
}

// powerOfTwo is 2^n of whole numbers; n is overwritten.
func (s isa) powerOfTwo(n reg.VecVirtual) reg.VecVirtual {
	bias := s.constantBits(127)
	VPADDD(bias, n, n)
	VPSLLD(U8(23), n, n)
	return n
}

// reduce makes r of x = n ln 2 + r. It returns n, and n + layout.Round.
func (s isa) reduce(x reg.VecVirtual) (n, rounded reg.VecVirtual) {
	n, rounded = s.register(), s.constant(layout.Round)
	s.multiplyAddNumber(x, math.Log2E, rounded)
	s.addNumber(rounded, -layout.Round, n)
	s.multiplyAddNumber(n, -layout.Ln2Hi, x)
	s.multiplyAddNumber(n, -layout.Ln2Lo, x)
	return n, rounded
}

// expm1 is e^r - 1 for |r| <= ln 2 / 2, in p.
func (s isa) expm1(r, p reg.VecVirtual) {
	r2 := s.register()
	s.series(layout.ExpSeries, r, p)
	s.mul(r, r, r2)
	VFMADD213PS(r, r2, p) // r + r*r*p
	s.next()
}

// series is a polynomial in x by Horner's rule, of the highest power first, in p.
func (s isa) series(coefficients []float32, x, p reg.VecVirtual) {
	VBROADCASTSS(constData(coefficients[0]), p)
	for _, c := range coefficients[1:] {
		if s.bytes == 64 {
			VFMADD213PS_BCST(constData(c), x, p)
		} else {
			VFMADD213PS(s.constant(c), x, p)
		}
		s.next()
	}
}

// decay is d = exp(-|x|), 1-d and 1+d, and the sign of x. Sigmoid and tanh are made
// of them; one who needs both computes them once.
type decay struct {
	exp, less, more reg.VecVirtual
	sign            sign
}

// decay is that of x.
func (s isa) decay(x, one reg.VecVirtual) decay {
	d := decay{exp: s.register(), less: s.register(), sign: s.signOf(x)}
	s.decayTo(d, x, one)
	return s.withMore(d, one)
}

// decayTo computes exp as exp does, but scales before the last sum: one rounding
// less. The same terms, subtracted from 1, are a 1-d that is as exact for small x as
// e^r - 1 is.
func (s isa) decayTo(d decay, x, one reg.VecVirtual) {
	r := s.constantBits(1 << 31)
	s.or(r, x, r)
	VMAXPS(r, s.constant(layout.ExpLo), r) // NaN stays NaN
	s.next()
	power, rounded := s.reduce(r)
	s.expm1(r, d.exp)
	if s.bytes == 64 {
		VSCALEFPS(power, one, power)
		s.next()
	} else {
		VPSLLD(U8(23), rounded, power)
		s.mul(power, s.constant(1.0/(1<<layout.RoundScale)), power)
	}
	s.sub(one, power, d.less)
	s.multiplySub(power, d.exp, d.less)
	VFMADD213PS(power, power, d.exp) // 2^n + 2^n (e^r - 1)
	s.next()
}

// withMore adds 1+d to a decay.
func (s isa) withMore(d decay, one reg.VecVirtual) decay {
	d.more = s.register()
	s.add(one, d.exp, d.more)
	return d
}

// reciprocal is 1/x for x from 1 to 2, within a relative error of 6e-5: enough where
// what is wrong by less than that is corrected. A division would take longer.
func (s isa) reciprocal(x reg.VecVirtual) reg.VecVirtual {
	p := s.register()
	s.series(layout.ReciprocalSeries, x, p)
	step := s.constant(layout.ReciprocalStep)
	s.multiplySub(x, p, step)
	s.mul(p, step, p)
	return p
}

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x. What the
// quotient leaves of the numerator, which differences of numbers that are nearly equal
// find exactly, corrects it: to the error of d and one rounding.
func (s isa) sigmoid(d decay, one reg.VecVirtual) reg.VecVirtual {
	inverse := s.reciprocal(d.more)
	rest, y := s.choose(d.sign, d.exp, one), s.register()
	s.mul(inverse, rest, y)
	s.sub(rest, y, rest)
	s.multiplySub(y, d.exp, rest)
	s.multiplyAdd(inverse, rest, y)
	return y
}

// sign is where a number is negative: in a mask, or the number itself.
type sign struct {
	mask reg.OpmaskVirtual
	x    reg.VecVirtual
}

func (s isa) signOf(x reg.VecVirtual) sign {
	if s.bytes < 64 {
		return sign{x: x}
	}
	k := K()
	VPMOVD2M(x, k)
	s.next()
	return sign{mask: k}
}

// choose is a where a number is negative, else b.
func (s isa) choose(by sign, a, b reg.VecVirtual) reg.VecVirtual {
	y := s.register()
	if s.bytes == 64 {
		VBLENDMPS(a, b, by.mask, y)
	} else {
		VBLENDVPS(by.x, a, b, y)
	}
	s.next()
	return y
}

// tanh is (1-d)(1+d)/(1+d^2) with d = exp(-|x|) and the sign of x, corrected as
// sigmoid is. It overwrites d.less.
func (s isa) tanh(d decay) reg.VecVirtual {
	y, rest, sum := s.register(), s.register(), s.constant(1)
	s.multiplyAdd(d.exp, d.exp, sum)
	inverse := s.reciprocal(sum)
	s.mul(inverse, d.more, y)
	s.mul(d.less, y, y)
	// (1-d)(1+d) - y(1+d^2) is (1-d - y) + d(1-d - y d).
	s.sub(d.less, y, rest)
	s.multiplySub(y, d.exp, d.less)
	s.multiplyAdd(d.exp, d.less, rest)
	s.multiplyAdd(inverse, rest, y)
	return s.withSign(d.sign, y)
}

// withSign is a number that is not negative with the sign of another.
func (s isa) withSign(of sign, number reg.VecVirtual) reg.VecVirtual {
	if s.bytes == 64 {
		VPORD_BCST(constBits(1<<31), number, of.mask, number)
		s.next()
		return number
	}
	bit := s.constantBits(1 << 31)
	s.and(bit, of.x, bit)
	s.or(bit, number, number)
	return number
}
