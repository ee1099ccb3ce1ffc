package kernel

// Number is what a data set may be made of.
type Number interface{ uint8 | int32 | float32 }

// Gather lays 16 samples side by side: out is one group of blocks, one per
// feature; lane l gets sample order[l] of data, whose samples are `features`
// long.
func Gather[T Number](out []float32, data []T, order *[Lanes]int32, features int) {
	for l, sample := range order {
		row := data[int(sample)*features:][:features]
		for f, v := range row {
			out[f*Lanes+l] = float32(v)
		}
	}
}

// GatherBytes is Gather for bytes, followed by Affine.
func (s ISA) GatherBytes(out []float32, data []byte, order *[Lanes]int32, features int, scale, shift float64) {
	_, n := s.vector(features)
	if n < features || !s.gathers() {
		Gather(out, data, order, features)
		s.Affine(out, out, scale, shift)
		return
	}
	var rows [Lanes]*byte
	for l, sample := range order {
		rows[l] = &data[int(sample)*features:][:features][0]
	}
	s.gatherRows(&out[:n*Lanes][0], &rows, n, float32(scale), float32(shift))
}

// Scatter is the way back: it writes the first `samples` lanes of one group as
// rows of `features` numbers.
func Scatter(rows, blocks []float32, samples, features int) {
	for l := range samples {
		row := rows[l*features:][:features]
		for f := range row {
			row[f] = blocks[f*Lanes+l]
		}
	}
}
