package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

func conv2d(d *draw) Case {
	for {
		x := d.images()
		window := d.window(x, 1)
		w := graph.Shape{d.size(20), x[1], window.Kernel[0], window.Kernel[1]}
		oh, ow, _ := window.Output(x[2], x[3])
		if elements(w)*x[0]*oh*ow > mostProducts || elements(w) > mostElements {
			continue
		}
		o := op.Conv2dOptions{Stride: window.Stride, Padding: window.Padding}
		c := Case{
			Name:   fmt.Sprintf("%v with weight %v, %+v", x, w, o),
			Inputs: []Input{d.samples(x), d.parameter(w)},
			Build:  func(in []*graph.Value) *graph.Value { return op.Conv2d(in[0], in[1], nil, o) },
			Terms:  max(elements(w[1:]), elements(w)/x[1], x[0]*oh*ow) + 1,
		}
		if d.coin() {
			c.Name += " and bias"
			c.Inputs = append(c.Inputs, d.parameter(w[:1]))
			c.Build = func(in []*graph.Value) *graph.Value { return op.Conv2d(in[0], in[1], in[2], o) }
		}
		return c
	}
}
