package main

import (
	"math"

	"gradus/internal/kernel/_asm/layout"
)

// The functions of this file compute what those of exp.go in the parent folder
// compute, operation by operation: there are the reasons.

// exponential is the constants of exp in registers.
type exponential struct {
	lo, hi, log2e, round, ln2Hi, ln2Lo, one, bias vector
}

var logSeries = []float32{1.0 / 9, 1.0 / 7, 1.0 / 5, 1.0 / 3, 1}

const signBit = 1 << 31

func (a *assembler) exponential() exponential {
	a.needConstants()
	return exponential{
		lo: a.constant(layout.ExpLo), hi: a.constant(layout.ExpHi), log2e: a.constant(math.Log2E), round: a.constant(layout.Round),
		ln2Hi: a.constant(layout.Ln2Hi), ln2Lo: a.constant(layout.Ln2Lo), one: a.constant(1), bias: a.constantBits(127),
	}
}

// exp is e^x, in x.
func (a *assembler) exp(e exponential, x vector) {
	a.larger(x, e.lo, x)
	a.smaller(x, e.hi, x)
	_, whole := a.reduce(e, x)
	half := a.vector()
	a.subInts(whole, e.round, whole)
	a.shiftRight(1, whole, half)
	a.subInts(whole, half, whole)
	p := a.expm1(x)
	a.add(p, e.one, x)
	for _, exponent := range []vector{half, whole} {
		a.addInts(exponent, e.bias, exponent)
		a.shiftLeft(23, exponent, exponent)
		a.mul(x, exponent, x)
	}
}

// reduce makes r of x = n ln 2 + r. It returns n, and n + layout.Round.
func (a *assembler) reduce(e exponential, x vector) (n, rounded vector) {
	n, rounded = a.vector(), a.vector()
	a.move(e.round, rounded)
	a.multiplyAdd(x, e.log2e, rounded)
	a.sub(rounded, e.round, n)
	a.multiplySub(n, e.ln2Hi, x)
	a.multiplySub(n, e.ln2Lo, x)
	return n, rounded
}

// expm1 is e^r - 1 for |r| <= ln 2 / 2, in r.
func (a *assembler) expm1(r vector) vector {
	p, square := a.series(layout.ExpSeries, r), a.vector()
	a.mul(r, r, square)
	a.multiplyAdd(square, p, r)
	return r
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

// decay is d = exp(-|x|), 1-d and 1+d: what sigmoid and tanh are made of.
type decay struct{ exp, less, more vector }

// decay scales before the last sum: one rounding less than exp has.
func (a *assembler) decay(e exponential, x vector) decay {
	d := decay{a.vector(), a.vector(), a.vector()}
	free := a.vectors
	r := a.constantBits(signBit)
	a.or(r, x, r)
	a.larger(r, e.lo, r)
	_, power := a.reduce(e, r)
	p := a.expm1(r)
	a.shiftLeft(23, power, power)
	a.mul(power, a.constant(1.0/(1<<layout.RoundScale)), power)
	a.move(power, d.exp)
	a.multiplyAdd(power, p, d.exp) // 2^n + 2^n (e^r - 1)
	a.sub(e.one, power, d.less)
	a.multiplySub(power, p, d.less)
	a.add(e.one, d.exp, d.more)
	a.vectors = free
	return d
}

// reciprocal is nearly 1/x for x from 1 to 2.
func (a *assembler) reciprocal(x vector) vector {
	p, step := a.series(layout.ReciprocalSeries, x), a.constant(layout.ReciprocalStep)
	a.multiplySub(x, p, step)
	a.mul(p, step, p)
	return p
}

// sigmoid is 1/(1+d) or d/(1+d) with d = exp(-|x|), by the sign of x.
func (a *assembler) sigmoid(e exponential, d decay, x, to vector) {
	inverse := a.reciprocal(d.more)
	rest, sign := a.vector(), a.vector()
	a.move(e.one, rest)
	a.move(x, sign)
	a.choose(sign, d.exp, rest)
	a.mul(inverse, rest, to)
	a.sub(rest, to, rest)
	a.multiplySub(to, d.exp, rest)
	a.multiplyAdd(inverse, rest, to)
}

// tanh is (1-d)(1+d)/(1+d^2) with d = exp(-|x|) and the sign of x.
func (a *assembler) tanh(e exponential, d decay, x, to vector) {
	rest, less, sum, sign := a.vector(), a.vector(), a.vector(), a.constantBits(signBit)
	a.move(e.one, sum)
	a.multiplyAdd(d.exp, d.exp, sum)
	inverse := a.reciprocal(sum)
	a.mul(inverse, d.more, to)
	a.mul(d.less, to, to)
	a.sub(d.less, to, rest)
	a.move(d.less, less)
	a.multiplySub(to, d.exp, less)
	a.multiplyAdd(d.exp, less, rest)
	a.multiplyAdd(inverse, rest, to)
	a.and(sign, x, sign)
	a.or(to, sign, to)
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
