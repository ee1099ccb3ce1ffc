package picture

import "math"

// fit is the size of a picture that is made as large as a frame allows, its
// proportions kept.
func fit(height, width, frameHeight, frameWidth int) (h, w int) {
	scale := min(float64(frameHeight)/float64(height), float64(frameWidth)/float64(width))
	return max(1, int(math.Round(scale*float64(height)))), max(1, int(math.Round(scale*float64(width))))
}

// area scales a part of a plane: each pixel of the result is the mean of what it
// covers, parts of pixels counted as such. The plane's rows have stride bytes,
// which are looked up in values.
func area(plane []byte, stride int, b box, height, width int, values *[256]float64) []float64 {
	out := make([]float64, height*width)
	columns := covers(b.right-b.left, width)
	var row []float64
	for y, rows := range covers(b.bottom-b.top, height) {
		row = append(row[:0], make([]float64, width)...)
		for _, r := range rows {
			line := plane[(b.top+r.index)*stride+b.left:]
			for x, list := range columns {
				sum := 0.0
				for _, c := range list {
					sum += c.weight * values[line[c.index]]
				}
				row[x] += r.weight * sum
			}
		}
		copy(out[y*width:], row)
	}
	return out
}

// cover is a pixel and its share in the one it becomes part of.
type cover struct {
	index  int
	weight float64
}

// covers lists, for each of to pixels, which of from pixels it covers.
func covers(from, to int) [][]cover {
	list := make([][]cover, to)
	step := float64(from) / float64(to)
	for i := range list {
		begin, end := step*float64(i), step*float64(i+1)
		for k := int(begin); k < from && float64(k) < end; k++ {
			if share := min(end, float64(k+1)) - max(begin, float64(k)); share > 0 {
				list[i] = append(list[i], cover{k, share / step})
			}
		}
	}
	return list
}
