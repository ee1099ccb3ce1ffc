package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

func avgPool2d(d *draw) Case {
	x := d.images()
	w := d.window(x, 2)
	o := op.AvgPool2dOptions{Stride: w.Stride, Padding: w.Padding, ExcludePadding: d.coin()}
	return Case{
		Name:   fmt.Sprintf("%v with kernel %v, %+v", x, w.Kernel, o),
		Inputs: []Input{d.samples(x)},
		Build:  func(in []*graph.Value) *graph.Value { return op.AvgPool2d(in[0], w.Kernel, o) },
		Terms:  w.Kernel[0] * w.Kernel[1],
	}
}

func maxPool2d(d *draw) Case {
	x := d.images()
	w := d.window(x, 2)
	o := op.MaxPool2dOptions{Stride: w.Stride, Padding: w.Padding}
	in := d.samples(x)
	in.Data = d.distinct(x)
	return Case{
		Name:   fmt.Sprintf("%v with kernel %v, %+v", x, w.Kernel, o),
		Inputs: []Input{in},
		Build:  func(in []*graph.Value) *graph.Value { return op.MaxPool2d(in[0], w.Kernel, o) },
		Terms:  w.Kernel[0] * w.Kernel[1],
	}
}

// pad2d pads some sides and crops others, or brings images to another's size.
func pad2d(d *draw) Case {
	x := d.images()
	p := op.Padding{Top: d.side(x[2]), Bottom: d.side(x[2]), Left: d.side(x[3]), Right: d.side(x[3])}
	return Case{
		Name:   fmt.Sprintf("%v, %+v", x, p),
		Inputs: []Input{d.samples(x)},
		Build:  func(in []*graph.Value) *graph.Value { return op.Pad2d(in[0], p) },
	}
}

// side is an amount that two sides together do not crop all of a size by.
func (d *draw) side(size int) int {
	most := (size - 1) / 2
	return d.IntN(most+5) - most
}
