package layout

// ExpSeries is the Taylor series of e^r from r^7 down to r^2: |r| <= ln 2 / 2
// leaves an error of 5e-9.
var ExpSeries = []float32{1.0 / 5040, 1.0 / 720, 1.0 / 120, 1.0 / 24, 1.0 / 6, 0.5}

// TanhSeries is the polynomial (tanh(x)/x - 1)/x^2 in x^2 for |x| <= TanhSmall, of
// the highest power first: interpolation at Chebyshev nodes, relative error of
// tanh below 3e-9 before rounding.
var TanhSeries = []float32{
	0.002060621434056819, -0.008113507020769505, 0.02168940589864833,
	-0.05394817033136121, 0.13333250168927122, -0.3333333276891013,
}

// TanhSmall is up to where tanh is that polynomial. Above, where it is made of an
// exponential, it is more than 1/2, so one unit in the last place is large enough for
// what the exponential is wrong by.
const TanhSmall = 0.7
