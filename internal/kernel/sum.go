package kernel

// SumBlocks adds up n blocks lane by lane, then the lanes: block i is added onto
// sum i%4, and the four sums as (0+1)+(2+3).
func (s ISA) SumBlocks(x []float32, n int) float32 {
	if i, v := s.vector(n * Lanes); v > 0 {
		return sumBlocksKernels[i](&x[:v][0], n)
	}
	var sums [4]block
	for i := range n {
		sum, b := &sums[i%4], at(x, i)
		for l := range sum {
			sum[l] += b[l]
		}
	}
	for l := range sums[0] {
		sums[0][l] = (sums[0][l] + sums[1][l]) + (sums[2][l] + sums[3][l])
	}
	return addLanes(&sums[0])
}
