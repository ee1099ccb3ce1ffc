package picture

import "slices"

// speck is the share of all ink below which a part that touches no other is taken
// for dirt. The dot of an i has more.
const speck = 0.02

// clean turns specks into background, unless there is nothing else.
func (d *drawing) clean() {
	total := 0.0
	for _, v := range d.plane {
		total += d.ink[v]
	}
	cleaned, isEmpty := slices.Clone(d.plane), true
	seen := make([]bool, len(d.plane))
	var part []int32
	for i := range d.plane {
		if seen[i] || d.ink[d.plane[i]] == 0 {
			continue
		}
		ink := 0.0
		part, ink = d.spread(part[:0], seen, i)
		if ink >= speck*total {
			isEmpty = false
			continue
		}
		for _, k := range part {
			cleaned[k] = d.background
		}
	}
	if !isEmpty {
		d.plane = cleaned
	}
}

// spread lists the pixels with ink that a pixel is connected with, over corners
// too, and adds up their ink.
func (d *drawing) spread(part []int32, seen []bool, from int) ([]int32, float64) {
	part = append(part, int32(from))
	seen[from] = true
	ink := 0.0
	for at := 0; at < len(part); at++ {
		i := int(part[at])
		ink += d.ink[d.plane[i]]
		y, x := i/d.width, i%d.width
		for ny := max(0, y-1); ny <= min(len(d.plane)/d.width-1, y+1); ny++ {
			for nx := max(0, x-1); nx <= min(d.width-1, x+1); nx++ {
				if k := ny*d.width + nx; !seen[k] && d.ink[d.plane[k]] > 0 {
					seen[k] = true
					part = append(part, int32(k))
				}
			}
		}
	}
	return part, ink
}
