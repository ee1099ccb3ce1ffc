package layout

// ExpSeries is the polynomial (e^r - 1 - r)/r^2, of the highest power first: of all
// of its degree the one whose largest relative error of e^r for |r| <= ln 2 / 2 is
// the smallest, 3e-9.
var ExpSeries = []float32{0.00138389017, 0.00836919248, 0.0416681021, 0.166665167, 0.49999994}

// Ln2Hi has few bits, so that n*Ln2Hi is exact; Ln2Lo is the rest of ln 2.
const (
	Ln2Hi = 0.693359375
	Ln2Lo = -2.12194440e-4
)

// Beyond these numbers e^x is 0 or infinite.
const (
	ExpLo = -104
	ExpHi = 89
)

// Round, added and subtracted again, rounds to a whole number n: the sum has no bits
// behind the point. Its last bits are n + RoundBias, which is how a number stores the
// exponent of 2^(n + RoundScale); that is normal where 2^n, n <= 0, need not be.
const (
	Round      = 3<<22 + RoundBias
	RoundBias  = 127 + RoundScale
	RoundScale = 64
)

// ReciprocalSeries is a polynomial p, of the highest power first, for which 1 - x p(x)
// on [1, 2] is the third Chebyshev polynomial over 99: the smallest a quadratic
// polynomial can make it.
var ReciprocalSeries = []float32{32. / 99, -144. / 99, 210. / 99}

// ReciprocalStep is the 2 of a step of Newton's method after that, p (2 - x p), and
// half the largest error more: the step's errors lie on one side, from 0 to 1/99^2.
const ReciprocalStep = 2 + 0.5/(99*99)
