package optest

import (
	"math"

	"gradus/graph"
	"gradus/op"
	"gradus/random"
)

// Limits of what one case costs: elements of a value, multiply-adds of an
// operation.
const (
	mostElements = 4_000
	mostProducts = 40_000
)

// draw is where shapes and numbers come from.
type draw struct {
	*random.Stream
	empty bool // batches have no samples
}

// size is one of 1..most. Small ones come more often, so that the edges of
// images and kernels meet; any can come.
func (d *draw) size(most int) int {
	if d.IntN(3) > 0 {
		most = min(most, 4)
	}
	return 1 + d.IntN(most)
}

func (d *draw) coin() bool { return d.IntN(2) == 0 }

// batch is a number of samples: up to two groups of 16 and one more.
func (d *draw) batch() int {
	if d.empty {
		return 0
	}
	return d.size(33)
}

// images is a shape [N C H W].
func (d *draw) images() graph.Shape {
	for {
		s := graph.Shape{d.batch(), d.size(20), d.size(12), d.size(12)}
		if elements(s) <= mostElements {
			return s
		}
	}
}

// rows is a shape [N C].
func (d *draw) rows() graph.Shape { return graph.Shape{d.batch(), d.size(20)} }

// anyShape is images, rows, a number per sample, or a value without a batch.
func (d *draw) anyShape() (s graph.Shape, batched bool) {
	switch d.IntN(6) {
	case 0:
		return d.rows(), true
	case 1:
		return graph.Shape{d.batch()}, true
	case 2:
		return graph.Shape{d.size(20), d.size(20)}, false
	}
	return d.images(), true
}

// window is a kernel with strides and padding that fits images of shape x. No
// side is padded by more than the kernel over the divisor.
func (d *draw) window(x graph.Shape, divisor int) op.Window {
	for {
		w := op.Window{
			Kernel: [2]int{d.size(7), d.size(7)},
			Stride: [2]int{1 + d.IntN(3), 1 + d.IntN(3)},
		}
		rows, columns := w.Kernel[0]/divisor+1, w.Kernel[1]/divisor+1
		w.Padding = op.Padding{Top: d.IntN(rows), Bottom: d.IntN(rows), Left: d.IntN(columns), Right: d.IntN(columns)}
		if _, _, err := w.Output(x[2], x[3]); err == nil {
			return w
		}
	}
}

// values are numbers between -2 and 2, none of them close to 0.
func (d *draw) values(shape graph.Shape) []float64 {
	return fill(shape, func() float64 {
		x := 4*d.Float64() - 2
		return x + math.Copysign(1./64, x)
	})
}

// distinct are numbers between -2 and 2 no two of which are close.
func (d *draw) distinct(shape graph.Shape) []float64 {
	order := make([]int32, elements(shape))
	d.Perm(order)
	i := -1
	return fill(shape, func() float64 {
		i++
		return 4*(float64(order[i])+0.5)/float64(len(order)) - 2
	})
}

// integers are whole numbers from least to most.
func (d *draw) integers(shape graph.Shape, least, most int) []float64 {
	return fill(shape, func() float64 { return float64(least + d.IntN(most-least+1)) })
}

// fill calls f for each element and rounds to float32.
func fill(shape graph.Shape, f func() float64) []float64 {
	data := make([]float64, elements(shape))
	for i := range data {
		data[i] = float64(float32(f()))
	}
	return data
}

// elements is the number of elements; shapes here are small.
func elements(s graph.Shape) int {
	n := 1
	for _, d := range s {
		n *= d
	}
	return n
}

// input is a float32 operand with a gradient.
func (d *draw) input(shape graph.Shape, batched bool) Input {
	return Input{Type: graph.Type{DType: graph.Float32, Shape: shape, Batched: batched}, Data: d.values(shape)}
}

// samples is input with a batch dimension, parameter without.
func (d *draw) samples(shape graph.Shape) Input   { return d.input(shape, true) }
func (d *draw) parameter(shape graph.Shape) Input { return d.input(shape, false) }

// labels are classes 0..classes-1.
func (d *draw) labels(n, classes int) Input {
	shape := graph.Shape{n}
	return Input{
		Type: graph.Type{DType: graph.Int32, Shape: shape, Batched: true},
		Data: d.integers(shape, 0, classes-1), Fixed: true,
	}
}

// valid is a number of valid samples among n.
func (d *draw) valid(n int) Input {
	return Input{
		Type: graph.Type{DType: graph.Float32, Shape: graph.Shape{}},
		Data: []float64{float64(d.IntN(n + 1))}, Fixed: true,
	}
}
