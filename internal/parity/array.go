package parity

import "slices"

// array is a literal array of a test case, row-major.
type array struct {
	shape []int
	data  []float64
}

// reshaped is the same data under another shape.
func (a array) reshaped(shape ...int) array { return array{shape, a.data} }

// transposed has its dimension i from dimension order[i] of a.
func (a array) transposed(order ...int) array {
	strides := make([]int, len(a.shape))
	for i, n := len(a.shape)-1, 1; i >= 0; i-- {
		strides[i] = n
		n *= a.shape[i]
	}
	y := array{data: make([]float64, 0, len(a.data))}
	for _, from := range order {
		y.shape = append(y.shape, a.shape[from])
	}
	var walk func(dim, offset int)
	walk = func(dim, offset int) {
		if dim == len(order) {
			y.data = append(y.data, a.data[offset])
			return
		}
		for i := range y.shape[dim] {
			walk(dim+1, offset+i*strides[order[dim]])
		}
	}
	walk(0, 0)
	return y
}

// nchw brings images of one row, [N C W], to four dimensions.
func (a array) nchw() (images array, ok bool) {
	if len(a.shape) == 3 {
		return a.reshaped(a.shape[0], a.shape[1], 1, a.shape[2]), true
	}
	return a, len(a.shape) == 4
}

// size is the number of elements of a shape.
func size(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}

// only reports whether all elements of list are x.
func only(list []int, x int) bool {
	return !slices.ContainsFunc(list, func(v int) bool { return v != x })
}
