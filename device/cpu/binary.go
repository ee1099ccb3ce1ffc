package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

func add(t types, isa kernel.ISA) (binding, bool) { return binary("add", t, isa.Add, isa.AddScalar) }

func mul(t types, isa kernel.ISA) (binding, bool) { return binary("mul", t, isa.Mul, isa.MulScalar) }

// binary binds a commutative operation of two operands. One of them may be
// smaller: a scalar, or one number per channel, which then stands for a whole
// plane of the other.
func binary(name string, t types, both func(y, a, b []float32), scalar func(y, a []float32, b float32)) (binding, bool) {
	big, small := 0, 1
	if !t.in[0].Equal(t.out) {
		big, small = 1, 0
	}
	a, b := t.in[big], t.in[small]
	switch {
	case a.Equal(b):
		return elementwise(name, 1, t, func(c *call) { both(c.out, c.in[0], c.in[1]) })
	case b.Batched:
		return binding{}, false
	case b.Size() == 1:
		return elementwise(name+"_scalar", big+1, t, func(c *call) { scalar(c.out, c.in[big], c.in[small][0]) })
	case a.Batched && b.Size() == a.Shape[1]:
		return elementwise(name+"_channel", big+1, t, func(c *call) {
			plane := planeOf(a) * kernel.Lanes
			for i := 0; i < len(c.out); i += plane {
				scalar(c.out[i:i+plane], c.in[big][i:i+plane], c.in[small][i/plane%b.Size()])
			}
		})
	}
	return binding{}, false
}

// planeOf is the number of elements of one channel of one sample.
func planeOf(t graph.Type) int {
	n := 1
	for _, d := range t.Shape[2:] {
		n *= d
	}
	return n
}
