package kernel

// The functions of this file look at one number at a time. Slices of operands
// are as long as the result's, which may be one of them. SIMD code does whole
// blocks, portable code what is left; both compute the same expression, and
// except for Sigmoid, Tanh and Affine to the same bits.

// ReLU computes y = x where x is above 0 or NaN, else 0.
func (s ISA) ReLU(y, x []float32) {
	n := s.unary(reluKernels, y, x)
	for i, v := range x[n:] {
		if v <= 0 {
			v = 0
		}
		y[n+i] = v
	}
}

// ReLUGradient computes dx = dy where y is not <= 0, else 0.
func (s ISA) ReLUGradient(dx, y, dy []float32) {
	n := s.binary(reluGradientKernels, dx, y, dy)
	for i, v := range y[n:] {
		g := dy[n+i]
		if v <= 0 {
			g = 0
		}
		dx[n+i] = g
	}
}

// Sigmoid computes y = 1/(1+exp(-x)).
func (s ISA) Sigmoid(y, x []float32) {
	if n := s.unary(sigmoidKernels, y, x); s != Portable {
		if n < len(x) {
			s.sigmoidRest(y[n:], x[n:])
		}
		return
	}
	for i, v := range x {
		y[i] = float32(1 / (1 + exp(-float64(v))))
	}
}

// SigmoidGradient computes dx = dy*y*(1-y).
func (s ISA) SigmoidGradient(dx, y, dy []float32) {
	n := s.binary(sigmoidGradientKernels, dx, y, dy)
	for i, v := range y[n:] {
		dx[n+i] = float32(dy[n+i]*v) * (1 - v)
	}
}

// Tanh computes y = tanh(x).
func (s ISA) Tanh(y, x []float32) {
	if n := s.unary(tanhKernels, y, x); s != Portable {
		if n < len(x) {
			s.tanhRest(y[n:], x[n:])
		}
		return
	}
	for i, v := range x {
		y[i] = float32(tanh(float64(v)))
	}
}

// TanhGradient computes dx = dy*(1-y*y).
func (s ISA) TanhGradient(dx, y, dy []float32) {
	n := s.binary(tanhGradientKernels, dx, y, dy)
	for i, v := range y[n:] {
		dx[n+i] = dy[n+i] * (1 - float32(v*v))
	}
}

// Affine computes y = scale*x + shift, rounded once.
func (s ISA) Affine(y, x []float32, scale, shift float64) {
	if i, n := s.vector(len(x)); s != Portable {
		p, q := float32(scale), float32(shift)
		if n > 0 {
			affineKernels[i](&y[:n][0], &x[0], p, q, n)
		}
		if n < len(x) {
			s.affineRest(y[n:], x[n:], p, q)
		}
		return
	}
	for i, v := range x {
		y[i] = float32(float64(scale*float64(v)) + shift)
	}
}

// Add computes y = a + b.
func (s ISA) Add(y, a, b []float32) {
	n := s.binary(addKernels, y, a, b)
	for i, v := range a[n:] {
		y[n+i] = v + b[n+i]
	}
}

// AddScalar computes y = a + b for one number b.
func (s ISA) AddScalar(y, a []float32, b float32) {
	n := s.unaryScalar(addScalarKernels, y, a, b)
	for i, v := range a[n:] {
		y[n+i] = v + b
	}
}

// Mul computes y = a * b.
func (s ISA) Mul(y, a, b []float32) {
	n := s.binary(mulKernels, y, a, b)
	for i, v := range a[n:] {
		y[n+i] = v * b[n+i]
	}
}

// MulScalar computes y = a * b for one number b.
func (s ISA) MulScalar(y, a []float32, b float32) {
	n := s.unaryScalar(mulScalarKernels, y, a, b)
	for i, v := range a[n:] {
		y[n+i] = v * b
	}
}

// SGDVelocity computes out = momentum*v + g.
func (s ISA) SGDVelocity(out, v, g []float32, momentum float32) {
	n := s.binaryScalar(sgdVelocityKernels, out, v, g, momentum)
	for i, x := range v[n:] {
		out[n+i] = float32(momentum*x) + g[n+i]
	}
}

// SGDStep computes out = w - rate*v.
func (s ISA) SGDStep(out, w, v []float32, rate float32) {
	n := s.binaryScalar(sgdStepKernels, out, w, v, rate)
	for i, x := range w[n:] {
		out[n+i] = x - float32(rate*v[n+i])
	}
}

// SGD computes v1 = momentum*v + dw and w1 = w - rate*v1: SGDVelocity and SGDStep in one
// pass, to the same bits.
func (s ISA) SGD(v1, w1, v, w, dw []float32, momentum, rate float32) {
	i, n := s.vector(len(dw))
	const together = callBlocks * Lanes
	for k := 0; k < n; k += together {
		m := min(together, n-k)
		sgdKernels[i](&v1[k : k+m][0], &w1[k : k+m][0], &v[k : k+m][0], &w[k : k+m][0], &dw[k], momentum, rate, m)
	}
	for i := n; i < len(dw); i++ {
		x := float32(momentum*v[i]) + dw[i]
		v1[i], w1[i] = x, w[i]-float32(rate*x)
	}
}

// Tables of SIMD kernels: on AMD64 of AVX-512, then of AVX2, on ARM64 of NEON.
// They are called for a multiple of 16 numbers.
type (
	unary        [2]func(y, a *float32, n int)
	unaryScalar  [2]func(y, a *float32, p float32, n int)
	binary       [2]func(y, a, b *float32, n int)
	binaryScalar [2]func(y, a, b *float32, p float32, n int)
	updates      [2]func(v1, w1, v, w, dw *float32, momentum, rate float32, n int)
)

// vector is the index of the instruction set in the tables, and how many of n
// numbers its kernels can do.
func (s ISA) vector(n int) (index, whole int) {
	switch s {
	case AVX512, NEON:
		return 0, n / Lanes * Lanes
	case AVX2:
		return 1, n / Lanes * Lanes
	}
	return 0, 0
}

func (s ISA) unary(k unary, y, a []float32) int {
	i, n := s.vector(len(a))
	if n > 0 {
		k[i](&y[:n][0], &a[0], n)
	}
	return n
}

func (s ISA) unaryScalar(k unaryScalar, y, a []float32, p float32) int {
	i, n := s.vector(len(a))
	if n > 0 {
		k[i](&y[:n][0], &a[0], p, n)
	}
	return n
}

func (s ISA) binary(k binary, y, a, b []float32) int {
	i, n := s.vector(len(a))
	if n > 0 {
		k[i](&y[:n][0], &a[0], &b[:n][0], n)
	}
	return n
}

func (s ISA) binaryScalar(k binaryScalar, y, a, b []float32, p float32) int {
	i, n := s.vector(len(a))
	if n > 0 {
		k[i](&y[:n][0], &a[0], &b[:n][0], p, n)
	}
	return n
}
