package kernel

// SumRows adds the sum of each row of x, n blocks, onto a number of out: the blocks are
// added up lane by lane, then the lanes. Block i is added onto sum i%4, and the four
// sums as (0+1)+(2+3).
func (s ISA) SumRows(out, x []float32, n int) {
	row := n * Lanes
	if i, v := s.vector(row); v > 0 {
		together := max(1, callBlocks/n)
		for k := 0; k < len(out); k += together {
			rows := min(together, len(out)-k)
			sumRowsKernels[i](&out[k], &x[k*row : (k+rows)*row][0], n, rows)
		}
		return
	}
	for k := range out {
		out[k] += sumBlocks(n, func(i int) block { return *at(x, k*n+i) })
	}
}

// SumProducts is the sum of n blocks x*y, where every product is rounded: added up as
// SumRows does.
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
