package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/op"
)

func add(d *draw) Case { return d.broadcast(op.Add) }

func mul(d *draw) Case { return d.broadcast(op.Mul) }

// broadcast joins two operands of one shape, or one and a scalar, or one and a
// number per channel, in either order.
func (d *draw) broadcast(join func(a, b *graph.Value) *graph.Value) Case {
	shape, batched := d.anyShape()
	big := d.input(shape, batched)
	small := d.input(shape, batched)
	switch d.IntN(3) {
	case 0:
		small = d.parameter(graph.Shape{})
	case 1:
		if len(shape) > 1 {
			channels := graph.Shape{shape[1], 1, 1}
			small = d.parameter(channels[:len(shape)-1])
		}
	}
	in := []Input{big, small}
	if d.coin() {
		in = []Input{small, big}
	}
	return Case{
		Name:   fmt.Sprintf("%v and %v", in[0].Type, in[1].Type),
		Inputs: in,
		Build:  func(in []*graph.Value) *graph.Value { return join(in[0], in[1]) },
		Terms:  max(1, elements(shape)),
	}
}
