package kernel

// NonFinite counts the numbers that are infinite or not a number.
func (s ISA) NonFinite(x []float32) int {
	if i, n := s.vector(len(x)); n > 0 && nonFiniteKernels[i](&x[0], n) == 0 {
		x = x[n:] // the usual case
	}
	count := 0
	for _, v := range x {
		if v-v != 0 {
			count++
		}
	}
	return count
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
