package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

func relu(d *draw) Case {
	c := d.pointwise(op.ReLU)
	c.Terms = 0
	return c
}

func sigmoid(d *draw) Case { return d.pointwise(op.Sigmoid) }

func tanh(d *draw) Case { return d.pointwise(op.Tanh) }

// pointwise is a function of single elements.
func (d *draw) pointwise(f func(x *graph.Value) *graph.Value) Case {
	shape, batched := d.anyShape()
	return Case{
		Name:   fmt.Sprint(shape),
		Inputs: []Input{d.input(shape, batched)},
		Build:  func(in []*graph.Value) *graph.Value { return f(in[0]) },
		Terms:  1,
	}
}

func affine(d *draw) Case {
	shape, batched := d.anyShape()
	scale, shift := 4*d.Float64()-2, 4*d.Float64()-2
	x := d.input(shape, batched)
	switch d.IntN(3) {
	case 0:
		x.Type.DType, x.Data, x.Fixed = graph.Uint8, d.integers(shape, 0, 255), true
		scale /= 255
	case 1:
		x.Type.DType, x.Data, x.Fixed = graph.Int32, d.integers(shape, -1000, 1000), true
		scale /= 1000
	}
	return Case{
		Name:   fmt.Sprintf("%v * %.3g + %.3g", x.Type, scale, shift),
		Inputs: []Input{x},
		Build:  func(in []*graph.Value) *graph.Value { return op.Affine(in[0], scale, shift) },
		Terms:  2,
	}
}

func flatten(d *draw) Case {
	shape := d.images()[:2+d.IntN(3)]
	return Case{
		Name:   fmt.Sprint(shape),
		Inputs: []Input{d.samples(shape)},
		Build:  func(in []*graph.Value) *graph.Value { return op.Flatten(in[0]) },
	}
}

func sum(d *draw) Case {
	shape, batched := d.anyShape()
	f, name := op.TotalSum, "all"
	if len(shape) > 1 && d.coin() {
		f, name = op.ChannelSum, "per channel"
	}
	return Case{
		Name:   fmt.Sprint(name, " of ", shape),
		Inputs: []Input{d.input(shape, batched)},
		Build:  func(in []*graph.Value) *graph.Value { return f(in[0]) },
		Terms:  elements(shape),
	}
}

// square uses a value twice, so that its gradient is a sum.
func square(d *draw) Case {
	c := d.pointwise(func(x *graph.Value) *graph.Value { return op.Mul(x, x) })
	c.Terms = 2
	return c
}
