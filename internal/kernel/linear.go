package kernel

// LinearForward computes the outputs o0..o1-1 of one group from `in` features:
//
//	y[o] = bias[o] + sum over i of w[o i] * x[i]
//
// bias may be nil.
func LinearForward(y, x, w, bias []float32, in, o0, o1 int) {
	point := [1]tap{}
	for o := o0; o < o1; o++ {
		b, out := float32(0), at(y, o)
		if bias != nil {
			b = bias[o]
		}
		for l := range out {
			out[l] = b
		}
		multiplyAdd(out, x, w[o*in:], point[:], in, 1, 1)
	}
}

// LinearDataGradient computes the features i0..i1-1 of one group, where w has
// `in` columns and `out` rows:
//
//	dx[i] = sum over o of w[o i] * dy[o]
func LinearDataGradient(dx, w, dy []float32, in, out, i0, i1 int) {
	point := [1]tap{}
	for i := i0; i < i1; i++ {
		*at(dx, i) = block{}
		multiplyAdd(at(dx, i), dy, w[i:], point[:], out, 1, in)
	}
}

// LinearWeightGradient adds the gradient of one group onto the columns i0..i1-1
// of dw, which has `in` columns and `out` rows:
//
//	dw[o i] += sum over lanes of x[i] * dy[o]
func LinearWeightGradient(dw, x, dy []float32, in, out, i0, i1 int) {
	for o := range out {
		for i := i0; i < i1; i++ {
			var sum block
			products(&sum, x[i*Lanes:], dy[o*Lanes:], 1, 1)
			dw[o*in+i] += addLanes(&sum)
		}
	}
}
