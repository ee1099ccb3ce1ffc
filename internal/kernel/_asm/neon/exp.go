package main

import (
	"math"

	"gradus/internal/kernel/_asm/layout"
)

// The functions of this file compute what those of exp.go in the parent folder
// compute, operation by operation: there are the reasons.

// exponential is the constants of exp in registers.
type exponential struct {
	lo, hi, log2e, ln2Hi, ln2Lo, one, bias vector
}

var logSeries = []float32{1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1}

const signBit = 1 << 31

func (a *assembler) exponential() exponential {
	a.needConstants()
	return exponential{
		lo: a.constant(-104), hi: a.constant(89), log2e: a.constant(math.Log2E),
		ln2Hi: a.constant(0.693359375), ln2Lo: a.constant(-2.12194440e-4), one: a.constant(1), bias: a.constantBits(127),
	}
}

// exp is e^x, in x.
func (a *assembler) exp(e exponential, x vector) {
	a.larger(x, e.lo, x)
	a.smaller(x, e.hi, x)
	half, whole := a.reduced(e, x)
	a.add(x, e.one, x)
	a.mul(x, half, x)
	a.mul(x, whole, x)
}

// reduced makes e^r - 1 of x = n ln 2 + r, and returns two numbers whose product is
// 2^n, which may be denormal.
func (a *assembler) reduced(e exponential, x vector) (half, whole vector) {
	n := a.vector()
	a.mul(x, e.log2e, n)
	a.round(n, n)
	a.multiplySub(n, e.ln2Hi, x)
	a.multiplySub(n, e.ln2Lo, x)
	p := a.series(layout.ExpSeries, x)
	half, whole = a.vector(), n
	square := half
	a.mul(x, x, square)
	a.multiplyAdd(square, p, x) // r + r*r*p

	a.toInts(n, whole)
	a.shiftRight(1, whole, half)
	a.subInts(whole, half, whole)
	for _, exponent := range []vector{half, whole} {
		a.addInts(exponent, e.bias, exponent)
		a.shiftLeft(23, exponent, exponent)
	}
	return half, whole
}

// series is a polynomial in x by Horner's rule, of the highest power first.
func (a *assembler) series(coefficients []float32, x vector) vector {
	p, next := a.constant(coefficients[0]), a.vector()
	for _, c := range coefficients[1:] {
		bits := math.Float32bits(c)
		a.loadConstant([4]uint32{bits, bits, bits, bits}, next)
		a.multiplyAdd(p, x, next)
		p, next = next, p
	}
	return p
}

// choose is x where the sign bit of by is set, else what is in to. It overwrites
// by.
func (a *assembler) choose(by, x, to vector) {
	a.shiftRight(31, by, by)
	a.insert(by, x, to)
}

// decay is exp(-|x|), and -|x|: what sigmoid and tanh are made of.
type decay struct{ exp, size vector }

// decay scales before the last sum: one rounding less than exp has.
func (a *assembler) decay(e exponential, x vector) decay {
	d := decay{a.vector(), a.constantBits(signBit)}
	free := a.vectors
	a.or(d.size, x, d.size)
	r := a.vector()
	a.larger(d.size, e.lo, r)
	half, whole := a.reduced(e, r)
	a.mul(half, whole, d.exp)
	a.move(d.exp, half)
	a.multiplyAdd(half, r, d.exp) // 2^n (e^r - 1) + 2^n
	a.vectors = free
	return d
}

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x, corrected as the
// amd64 generator says.
func (a *assembler) sigmoid(e exponential, d decay, x, to vector) {
	sum, lost, rest, sign := a.vector(), a.vector(), a.vector(), a.vector()
	a.add(d.exp, e.one, sum)
	a.sub(e.one, sum, lost)
	a.add(d.exp, lost, lost)
	a.move(e.one, rest)
	a.move(x, sign)
	a.choose(sign, d.exp, rest)
	inverse := sign
	a.div(e.one, sum, inverse)
	a.mul(inverse, rest, to)
	a.multiplySub(sum, to, rest)
	a.multiplySub(lost, to, rest)
	a.multiplyAdd(inverse, rest, to)
}

// tanh is x + x^3 p(x^2) for small |x|, else 1 - 2d^2/(1+d^2) with d = exp(-|x|) and
// the sign of x.
func (a *assembler) tanh(e exponential, d decay, x, to vector) {
	square, q, sign := a.vector(), a.vector(), a.constantBits(signBit)
	a.mul(d.exp, d.exp, square)
	a.add(square, square, q)
	a.add(square, e.one, square)
	a.div(q, square, q)
	a.sub(e.one, q, q)
	a.and(sign, x, sign)
	a.or(q, sign, q)

	z := square
	a.mul(x, x, z)
	p := a.series(layout.TanhSeries, z)
	a.mul(z, p, p)
	a.move(x, to)
	a.multiplyAdd(x, p, to)

	small := a.constant(layout.TanhSmall) // negative where |x| is not
	a.add(small, d.size, small)
	a.choose(small, q, to)
}

// log is the natural logarithm of normal positive numbers. It overwrites x.
func (a *assembler) log(e exponential, x, to vector) {
	k, m, base := a.vector(), a.vector(), a.constantBits(math.Float32bits(math.Sqrt2/2))
	a.subInts(x, base, k)
	a.shiftRight(23, k, k)
	a.shiftLeft(23, k, m)
	a.subInts(x, m, m)
	a.toFloats(k, k)

	a.add(m, e.one, base)
	a.sub(m, e.one, m)
	a.div(m, base, to)
	a.mul(to, to, m)
	p := a.series(logSeries, m)
	a.add(to, to, to)
	a.mul(to, p, to)
	a.multiplyAdd(k, e.ln2Lo, to)
	a.multiplyAdd(k, e.ln2Hi, to)
	// The bits of a NaN are no exponent: x-x brings it back.
	a.sub(x, x, x)
	a.add(to, x, to)
}
