package kernel

import "math"

// The functions of this file are float64 arithmetic of our own rather than
// package math's, whose assembly differs between machines: results must not.

const (
	log2e = 1.4426950408889634
	ln2Hi = 6.93147180369123816490e-01 // upper bits of ln 2: k*ln2Hi is exact
	ln2Lo = 1.90821492927058770002e-10
)

// exp is e^x to a few units in the last place of float64: x = k ln 2 + r with
// |r| <= ln 2 / 2, e^r by its Taylor series to r^13.
func exp(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 709.7:
		return math.Inf(1)
	case x < -745.1:
		return 0
	}
	k := math.Floor(float64(x*log2e) + 0.5)
	r := x - float64(k*ln2Hi) - float64(k*ln2Lo)
	p := 1.0
	for n := 13.0; n >= 1; n-- {
		p = 1 + float64(p*r)/n
	}
	return math.Ldexp(p, int(k))
}

// tanh is 1 - 2/(e^2x + 1), and its Taylor series where that cancels.
func tanh(x float64) float64 {
	if x > -0.05 && x < 0.05 {
		q := x * x
		return x - float64(float64(x*q)*(1.0/3-float64(q*(2.0/15-float64(q*(17.0/315-float64(q*(62.0/2835))))))))
	}
	return 1 - 2/(exp(2*x)+1)
}

// log is the natural logarithm of a positive finite x: x = 2^k m with m in
// [sqrt 1/2, sqrt 2), log m = 2 artanh((m-1)/(m+1)) by its series.
func log(x float64) float64 {
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, k = 2*m, k-1
	}
	s := (m - 1) / (m + 1)
	q, p := float64(s*s), 0.0
	for n := 23.0; n >= 1; n -= 2 {
		p = float64(p*q) + 1/n
	}
	return float64(float64(k)*ln2Hi) + (float64(2*float64(s*p)) + float64(float64(k)*ln2Lo))
}
