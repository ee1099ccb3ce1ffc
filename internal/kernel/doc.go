// Package kernel is the arithmetic of the CPU device: functions on slices and
// sizes that know nothing of programs, planning or threads.
//
// Images and features of a batch are kept in groups of Lanes samples, the
// sample innermost: the element (channel c, row i, column j) of the samples
// 16g..16g+15 is the block of 16 numbers at ((g*C+c)*H+i)*W+j. A block is one
// SIMD register, so every formula below is written per block and no width of an
// image or number of channels is a special case. Parameters are row-major as
// PyTorch keeps them.
//
// Every sum is one fixed expression tree that depends on sizes only. The
// portable code keeps the compiler from fusing multiplications with additions
// by explicit float32 conversions.
package kernel

// Lanes is the number of samples in a group.
const Lanes = 16

// block is the numbers of one group of samples at one place.
type block = [Lanes]float32

// at returns the i-th block of a slice.
func at(x []float32, i int) *block { return (*block)(x[i*Lanes:]) }

// addLanes adds up the numbers of a block as a balanced tree: halves are added
// onto each other until one number is left.
func addLanes(a *block) float32 {
	b := *a
	for n := Lanes / 2; n > 0; n /= 2 {
		for i := range n {
			b[i] += b[i+n]
		}
	}
	return b[0]
}

// Groups is how many groups so many samples make.
func Groups(samples int) int { return (samples + Lanes - 1) / Lanes }
