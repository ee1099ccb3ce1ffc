package kernel

// SumBlocks adds up n blocks lane by lane, then the lanes: block i is added onto
// sum i%4, and the four sums as (0+1)+(2+3).
func (s ISA) SumBlocks(x []float32, n int) float32 {
	if i, v := s.vector(n * Lanes); v > 0 {
		return sumBlocksKernels[i](&x[:v][0], n)
	}
	return sumBlocks(n, func(i int) block { return *at(x, i) })
}

// SumProducts is SumBlocks of x*y, where every product is rounded.
func (s ISA) SumProducts(x, y []float32, n int) float32 {
	if i, v := s.vector(n * Lanes); v > 0 {
		return sumProductsKernels[i](&x[:v][0], &y[:v][0], n)
	}
	return sumBlocks(n, func(i int) block {
		b, factor := *at(x, i), at(y, i)
		for l := range b {
			b[l] = float32(b[l] * factor[l])
		}
		return b
	})
}

// sumBlocks adds up n blocks.
func sumBlocks(n int, next func(i int) block) float32 {
	var sums [4]block
	for i := range n {
		sum, b := &sums[i%4], next(i)
		for l := range sum {
			sum[l] += b[l]
		}
	}
	for l := range sums[0] {
		sums[0][l] = (sums[0][l] + sums[1][l]) + (sums[2][l] + sums[3][l])
	}
	return addLanes(&sums[0])
}
