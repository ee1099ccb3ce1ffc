package kernel

import (
	"math"
	"math/bits"
)

// normalizer computes per lane the largest of the C logits and the logarithm
// of the sum of their exponentials relative to it. A NaN logit makes both NaN.
func normalizer(x []float32, c int) (largest, logSum [Lanes]float64) {
	for l := range Lanes {
		m := float64(x[l])
		for k := 1; k < c; k++ {
			if v := float64(x[k*Lanes+l]); v > m || v != v {
				m = v
			}
		}
		sum := 0.0
		for k := range c {
			// Infinite logits: Inf-Inf is a NaN, as in the formula.
			sum += exp(float64(x[k*Lanes+l]) - m)
		}
		largest[l], logSum[l] = m, log(sum)
		if sum != sum {
			logSum[l] = sum
		}
	}
	return largest, logSum
}

// LogSoftmax computes y[c] = x[c] - log(sum over k of exp(x[k])) for one group
// of C logits. y may be x.
func LogSoftmax(y, x []float32, c int) {
	largest, logSum := normalizer(x, c)
	for k := range c {
		for l := range Lanes {
			y[k*Lanes+l] = float32(float64(x[k*Lanes+l]) - largest[l] - logSum[l])
		}
	}
}

// LogSoftmaxGradient computes dx[c] = dy[c] - exp(y[c]) * sum over k of dy[k]
// for one group of C logits. dx may be dy.
func LogSoftmaxGradient(dx, y, dy []float32, c int) {
	for l := range Lanes {
		sum := 0.0
		for k := range c {
			sum += float64(dy[k*Lanes+l])
		}
		for k := range c {
			i := k*Lanes + l
			dx[i] = float32(float64(dy[i]) - float64(exp(float64(y[i]))*sum))
		}
	}
}

// CrossEntropy computes loss = log(sum over k of exp(x[k])) - x[label] for one
// group of C logits. Labels outside 0..C-1 make the loss NaN.
func (s ISA) CrossEntropy(loss, x, labels []float32, c int) {
	if i, n := s.vector(c * Lanes); n > 0 {
		crossEntropyKernels[i](&loss[:Lanes][0], &x[:n][0], &labels[:Lanes][0], c)
		return
	}
	largest, logSum := normalizer(x, c)
	for l := range Lanes {
		label := int(labels[l])
		if label < 0 || label >= c {
			loss[l] = float32(math.NaN())
			continue
		}
		loss[l] = float32(logSum[l] - (float64(x[label*Lanes+l]) - largest[l]))
	}
}

// negligible is the part of the largest probability up to which another counts
// as 0 in the gradient of the cross entropy. A network that is sure of its answers
// has gradients down to 1e-45. No weight notices, but processors compute with
// numbers below 1e-38, and with what is left of small ones after a few layers, a
// hundred times slower than with others.
const negligible = 1. / (1 << 64)

// CrossEntropyGradient computes dx[c] = dloss * (softmax(x)[c] - (c == label))
// for one group of C logits, where probabilities of at most 2^-64 of the largest
// count as 0. dx must not be x.
func (s ISA) CrossEntropyGradient(dx, x, labels, dloss []float32, c int) {
	if i, n := s.vector(c * Lanes); n > 0 {
		crossEntropyGradientKernels[i](&dx[:n][0], &x[:n][0], &labels[:Lanes][0], &dloss[:Lanes][0], c)
		return
	}
	largest, logSum := normalizer(x, c)
	for l := range Lanes {
		label, d := int(labels[l]), float64(dloss[l])
		if label < 0 || label >= c {
			d = math.NaN()
		}
		for k := range c {
			p := exp(float64(x[k*Lanes+l]) - largest[l] - logSum[l])
			if p <= negligible {
				p = 0
			}
			if k == label {
				p--
			}
			dx[k*Lanes+l] = float32(p * d)
		}
	}
}

// CrossEntropyBoth computes what CrossEntropy and CrossEntropyGradient do, with one
// set of exponentials.
func (s ISA) CrossEntropyBoth(loss, dx, x, labels, dloss []float32, c int) {
	if i, n := s.vector(c * Lanes); n > 0 {
		crossEntropyBothKernels[i](&loss[:Lanes][0], &dx[:n][0], &x[:n][0], &labels[:Lanes][0], &dloss[:Lanes][0], c)
		return
	}
	s.CrossEntropy(loss, x, labels, c)
	s.CrossEntropyGradient(dx, x, labels, dloss, c)
}

// Errors counts the first n lanes whose largest of C logits is not the label.
// The first of equal logits counts as the largest, and the first NaN as larger
// than any number.
func (s ISA) Errors(x, labels []float32, c, n int) int {
	if i, v := s.vector(c * Lanes); v > 0 {
		return bits.OnesCount64(wrongAnswersKernels[i](&x[:v][0], &labels[:Lanes][0], c) & (1<<n - 1))
	}
	wrong := 0
	for l := range n {
		best := 0
		for k := 1; k < c; k++ {
			b, v := x[best*Lanes+l], x[k*Lanes+l]
			if b == b && (v > b || v != v) {
				best = k
			}
		}
		if best != int(labels[l]) {
			wrong++
		}
	}
	return wrong
}
