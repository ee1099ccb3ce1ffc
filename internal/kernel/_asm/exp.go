package main

import (
	"math"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// exponential is the constants of exp: in registers where there are enough of them,
// else they are loaded where they are used.
type exponential struct {
	isa
	one  reg.VecVirtual
	held map[float32]reg.VecVirtual
}

func (s isa) exponential() exponential {
	e := exponential{s, s.constant(1), map[float32]reg.VecVirtual{}}
	if s.bytes == 64 {
		for _, x := range []float32{layout.ExpLo, math.Log2E, layout.Round, layout.Ln2Hi, layout.Ln2Lo} {
			e.held[x] = s.constant(x)
		}
	}
	return e
}

// number is a constant in all lanes.
func (e exponential) number(x float32) reg.VecVirtual {
	if v, ok := e.held[x]; ok {
		return v
	}
	return e.constant(x)
}

// exp is e^x: x = n ln 2 + r, e^r by its series, times 2^n in two steps so that
// results that are denormal come out right. NaN stays NaN. x is overwritten.
func (s isa) exp(e exponential, x reg.VecVirtual) reg.VecVirtual {
	VMAXPS(x, e.number(layout.ExpLo), x)
	VMINPS(x, e.number(layout.ExpHi), x)
	n, rounded := s.reduce(e, x)
	p := s.expm1(x)
	s.add(p, e.one, p)

	if s.bytes == 64 { // rounds once, as the two steps do
		VSCALEFPS(n, p, p)
		return p
	}
	half := s.register()
	VPSUBD(e.number(layout.Round), rounded, n)
	VPSRAD(U8(1), n, half)
	VPSUBD(half, n, n)
	s.mul(p, s.powerOfTwo(half), p)
	s.mul(p, s.powerOfTwo(n), p)
	return p
}

// powerOfTwo is 2^n of whole numbers; n is overwritten.
func (s isa) powerOfTwo(n reg.VecVirtual) reg.VecVirtual {
	bias := s.register()
	VPBROADCASTD(constBits(127), bias)
	VPADDD(bias, n, n)
	VPSLLD(U8(23), n, n)
	return n
}

// reduce makes r of x = n ln 2 + r. It returns n, and n + layout.Round.
func (s isa) reduce(e exponential, x reg.VecVirtual) (n, rounded reg.VecVirtual) {
	n, rounded = s.register(), s.register()
	round := e.number(layout.Round)
	VMOVAPS(round, rounded)
	s.multiplyAdd(x, e.number(math.Log2E), rounded)
	s.sub(rounded, round, n)
	s.multiplySub(n, e.number(layout.Ln2Hi), x)
	s.multiplySub(n, e.number(layout.Ln2Lo), x)
	return n, rounded
}

// expm1 is e^r - 1 for |r| <= ln 2 / 2.
func (s isa) expm1(r reg.VecVirtual) reg.VecVirtual {
	p, r2 := s.series(layout.ExpSeries, r), s.register()
	s.mul(r, r, r2)
	VFMADD213PS(r, r2, p) // r + r*r*p
	s.next()
	return p
}

// series is a polynomial in x by Horner's rule, of the highest power first.
func (s isa) series(coefficients []float32, x reg.VecVirtual) reg.VecVirtual {
	p := s.constant(coefficients[0])
	for _, c := range coefficients[1:] {
		if s.bytes == 64 {
			VFMADD213PS_BCST(constData(c), x, p)
		} else {
			VFMADD213PS(s.constant(c), x, p)
		}
		s.next()
	}
	return p
}

// decay is d = exp(-|x|), 1-d and 1+d. Sigmoid and tanh are made of them; one who
// needs both computes them once.
type decay struct{ exp, less, more reg.VecVirtual }

// decay computes exp as exp does, but scales before the last sum: one rounding
// less. The same terms, subtracted from 1, are a 1-d that is as exact for small x as
// e^r - 1 is.
func (s isa) decay(e exponential, x reg.VecVirtual) decay {
	d := decay{s.register(), s.register(), s.register()}
	r := s.register()
	VBROADCASTSS(constBits(1<<31), r)
	s.or(r, x, r)
	VMAXPS(r, e.number(layout.ExpLo), r) // NaN stays NaN
	s.next()
	power, rounded := s.reduce(e, r)
	p := s.expm1(r)
	if s.bytes == 64 {
		VSCALEFPS(power, e.one, power)
		s.next()
	} else {
		VPSLLD(U8(23), rounded, power)
		s.mul(power, s.constant(1.0/(1<<layout.RoundScale)), power)
	}
	VMOVAPS(power, d.exp)
	s.multiplyAdd(power, p, d.exp) // 2^n + 2^n (e^r - 1)
	s.sub(e.one, power, d.less)
	s.multiplySub(power, p, d.less)
	s.add(e.one, d.exp, d.more)
	return d
}

// reciprocal is 1/x for x from 1 to 2, within a relative error of 6e-5: enough where
// what is wrong by less than that is corrected. A division would take longer.
func (s isa) reciprocal(x reg.VecVirtual) reg.VecVirtual {
	p, step := s.series(layout.ReciprocalSeries, x), s.constant(layout.ReciprocalStep)
	s.multiplySub(x, p, step)
	s.mul(p, step, p)
	return p
}

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x. What the
// quotient leaves of the numerator, which differences of numbers that are nearly equal
// find exactly, corrects it: to the error of d and one rounding.
func (s isa) sigmoid(e exponential, d decay, x reg.VecVirtual) reg.VecVirtual {
	inverse := s.reciprocal(d.more)
	rest, y := s.register(), s.register()
	VMOVAPS(e.one, rest)
	rest = s.choose(x, d.exp, rest)
	s.mul(inverse, rest, y)
	s.sub(rest, y, rest)
	s.multiplySub(y, d.exp, rest)
	s.multiplyAdd(inverse, rest, y)
	return y
}

// choose is a where the sign bit of x is set, else b, which is overwritten.
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

// tanh is (1-d)(1+d)/(1+d^2) with d = exp(-|x|) and the sign of x, corrected as
// sigmoid is. It overwrites d.less.
func (s isa) tanh(e exponential, d decay, x reg.VecVirtual) reg.VecVirtual {
	y, rest, sum := s.register(), s.register(), s.register()
	VMOVAPS(e.one, sum)
	s.multiplyAdd(d.exp, d.exp, sum)
	inverse := s.reciprocal(sum)
	s.mul(inverse, d.more, y)
	s.mul(d.less, y, y)
	// (1-d)(1+d) - y(1+d^2) is (1-d - y) + d(1-d - y d).
	s.sub(d.less, y, rest)
	s.multiplySub(y, d.exp, d.less)
	s.multiplyAdd(d.exp, d.less, rest)
	s.multiplyAdd(inverse, rest, y)
	return s.withSign(x, y)
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
