package kernel

// ReLU computes y = x where x is above 0 or NaN, else 0. y may be x.
func ReLU(y, x []float32) {
	y = y[:len(x)]
	for i, v := range x {
		if v <= 0 {
			v = 0
		}
		y[i] = v
	}
}

// ReLUGradient computes dx = dy where y is not <= 0, else 0. dx may be dy.
func ReLUGradient(dx, y, dy []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		g := dy[i]
		if v <= 0 {
			g = 0
		}
		dx[i] = g
	}
}

// Sigmoid computes y = 1/(1+exp(-x)). y may be x.
func Sigmoid(y, x []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32(1 / (1 + exp(-float64(v))))
	}
}

// SigmoidGradient computes dx = dy*y*(1-y). dx may be dy.
func SigmoidGradient(dx, y, dy []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = float32(dy[i]*v) * (1 - v)
	}
}

// Tanh computes y = tanh(x). y may be x.
func Tanh(y, x []float32) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32(tanh(float64(v)))
	}
}

// TanhGradient computes dx = dy*(1-y*y). dx may be dy.
func TanhGradient(dx, y, dy []float32) {
	dx, dy = dx[:len(y)], dy[:len(y)]
	for i, v := range y {
		dx[i] = dy[i] * (1 - float32(v*v))
	}
}

// Affine computes y = scale*x + shift in float64, rounded once. y may be x.
func Affine(y, x []float32, scale, shift float64) {
	y = y[:len(x)]
	for i, v := range x {
		y[i] = float32(float64(scale*float64(v)) + shift)
	}
}

// Add computes y = a + b. y may be a or b.
func Add(y, a, b []float32) {
	y, b = y[:len(a)], b[:len(a)]
	for i, v := range a {
		y[i] = v + b[i]
	}
}

// AddScalar computes y = a + b for one number b. y may be a.
func AddScalar(y, a []float32, b float32) {
	y = y[:len(a)]
	for i, v := range a {
		y[i] = v + b
	}
}

// Mul computes y = a * b. y may be a or b.
func Mul(y, a, b []float32) {
	y, b = y[:len(a)], b[:len(a)]
	for i, v := range a {
		y[i] = v * b[i]
	}
}

// MulScalar computes y = a * b for one number b. y may be a.
func MulScalar(y, a []float32, b float32) {
	y = y[:len(a)]
	for i, v := range a {
		y[i] = v * b
	}
}

// NonFinite counts the numbers that are infinite or not a number.
func NonFinite(x []float32) int {
	n := 0
	for _, v := range x {
		if v-v != 0 {
			n++
		}
	}
	return n
}

// FirstNonFinite is the index of the first number that is infinite or not a
// number, -1 if there is none.
func FirstNonFinite(x []float32) int {
	for i, v := range x {
		if v-v != 0 {
			return i
		}
	}
	return -1
}

// SumRow adds up n blocks lane by lane in index order, then the lanes.
func SumRow(x []float32, n int) float32 {
	var sum block
	for i := range n {
		b := at(x, i)
		for l := range sum {
			sum[l] += b[l]
		}
	}
	return addLanes(&sum)
}

// SGDVelocity computes out = momentum*v + g. out may be v.
func SGDVelocity(out, v, g []float32, momentum float32) {
	out, g = out[:len(v)], g[:len(v)]
	for i, x := range v {
		out[i] = float32(momentum*x) + g[i]
	}
}

// SGDStep computes out = w - rate*v. out may be w.
func SGDStep(out, w, v []float32, rate float32) {
	out, v = out[:len(w)], v[:len(w)]
	for i, x := range w {
		out[i] = x - float32(rate*v[i])
	}
}
