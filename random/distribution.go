package random

import (
	"fmt"
	"math/bits"
)

// Float64 returns a multiple of 2^-53, each equally likely, in [0, 1): the upper 53 bits of one draw.
func (r *Stream) Float64() float64 { return float64(r.Uint64()>>11) * 0x1p-53 }

// Uniform returns lo + (hi-lo)*Float64(), each operation rounded to float64, which lies in [lo, hi). Where hi-lo is
// small beside lo, rounding may give hi itself.
func (r *Stream) Uniform(lo, hi float64) float64 {
	// The conversion keeps the compiler from fusing the two operations, which would change the result on some machines.
	return lo + float64((hi-lo)*r.Float64())
}

// IntN returns one of 0..n-1, each equally likely. It panics if n is less than 1.
//
// Source: D. Lemire, Fast Random Integer Generation in an Interval, ACM Transactions on Modeling and Computer Simulation
// 29(1), 2019, algorithm 5 with 64-bit words. It takes one draw, and rarely more.
func (r *Stream) IntN(n int) int {
	if n < 1 {
		panic(fmt.Sprintf("random: expected n of at least 1, got %d", n))
	}
	m := uint64(n)
	hi, lo := bits.Mul64(r.Uint64(), m)
	if lo < m {
		for reject := -m % m; lo < reject; {
			hi, lo = bits.Mul64(r.Uint64(), m)
		}
	}
	return int(hi)
}

// Perm fills out with a random permutation of 0..len(out)-1, each equally likely: the numbers in ascending order, then
// Fisher and Yates's exchange of position i with position IntN(i+1) for i from len(out)-1 down to 1 (R. Durstenfeld,
// Algorithm 235, Communications of the ACM 7(7), 1964). The permutation depends on the stream and len(out) only.
func (r *Stream) Perm(out []int32) {
	for i := range out {
		out[i] = int32(i)
	}
	for i := len(out) - 1; i > 0; i-- {
		j := r.IntN(i + 1)
		out[i], out[j] = out[j], out[i]
	}
}
