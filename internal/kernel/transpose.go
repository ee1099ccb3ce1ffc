package kernel

// transpose writes 16 rows of 16 numbers as 16 columns, `to` and `from` being
// the distances between rows in numbers.
func (s ISA) transpose(columns, rows []float32, to, from int) {
	columns, rows = columns[:15*to+Lanes], rows[:15*from+Lanes]
	if i, n := s.vector(Lanes); n > 0 {
		transposeKernels[i](&columns[0], &rows[0], to*4, from*4)
		return
	}
	for i := range Lanes {
		for j := range Lanes {
			columns[j*to+i] = rows[i*from+j]
		}
	}
}

// transposeAdd adds 16 rows of 16 numbers as 16 columns onto what stands there.
func (s ISA) transposeAdd(columns, rows []float32, to, from int) {
	columns, rows = columns[:15*to+Lanes], rows[:15*from+Lanes]
	if i, n := s.vector(Lanes); n > 0 {
		transposeAddKernels[i](&columns[0], &rows[0], to*4, from*4)
		return
	}
	for i := range Lanes {
		for j := range Lanes {
			columns[j*to+i] += rows[i*from+j]
		}
	}
}
