package kernel

// squares are blocks of 16 rows of 16 numbers that become 16 columns. Distances
// are in numbers.
type squares struct {
	to, from         []float32
	toRow, fromRow   int // from one row to the next
	count            int
	toNext, fromNext int // from one block to the next
}

// transposition is the kernels for squares, see unary. Distances are in bytes.
type transposition [2]func(to, from *float32, toRow, fromRow, count, toNext, fromNext int)

// transpose writes the columns.
func (s ISA) transpose(t *squares) {
	i, n := s.vector(Lanes)
	if t.trim(); n > 0 {
		transposeKernels[i](&t.to[0], &t.from[0], t.toRow*4, t.fromRow*4, t.count, t.toNext*4, t.fromNext*4)
		return
	}
	t.each(func(to, from int) { t.to[to] = t.from[from] })
}

// trim cuts the slices to what is read and written.
func (t *squares) trim() {
	t.to = t.to[:(t.count-1)*t.toNext+15*t.toRow+Lanes]
	t.from = t.from[:(t.count-1)*t.fromNext+15*t.fromRow+Lanes]
}

// each calls f for every number, with its places.
func (t *squares) each(f func(to, from int)) {
	for n := range t.count {
		for i := range Lanes {
			for j := range Lanes {
				f(n*t.toNext+j*t.toRow+i, n*t.fromNext+i*t.fromRow+j)
			}
		}
	}
}
