package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

func linear(d *draw) Case {
	x := graph.Shape{d.batch(), d.size(40)}
	w := graph.Shape{d.size(40), x[1]}
	c := Case{
		Name:   fmt.Sprintf("%v with weight %v", x, w),
		Inputs: []Input{d.samples(x), d.parameter(w)},
		Build:  func(in []*graph.Value) *graph.Value { return op.Linear(in[0], in[1], nil) },
		Terms:  max(x[0], x[1], w[0]) + 1,
	}
	if d.coin() {
		c.Name += " and bias"
		c.Inputs = append(c.Inputs, d.parameter(w[:1]))
		c.Build = func(in []*graph.Value) *graph.Value { return op.Linear(in[0], in[1], in[2]) }
	}
	return c
}
