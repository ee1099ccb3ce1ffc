package op

import (
	"fmt"

	"gradus/graph"
)

// broadcast is the shape rule of operations with two operands: either both
// have one type, or one of them is a scalar [] or has one number per channel of
// the other: [C 1 1] beside [N C H W], [C] beside [N C]. The result has the
// bigger operand's type.
func broadcast(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 2); err != nil {
		return graph.Type{}, err
	}
	a, b := in[0], in[1]
	switch {
	case a.Equal(b), fits(b, a):
		return a, nil
	case fits(a, b):
		return b, nil
	}
	fix := ""
	switch ranks := [2]int{len(a.Shape), len(b.Shape)}; ranks {
	case [2]int{4, 4}:
		fix = "op.PadTo pads or crops images to another's size"
	case [2]int{4, 1}, [2]int{1, 4}:
		fix = "op.PerChannel makes [C] fit images"
	}
	return graph.Type{}, &graph.Error{
		Want: "operands of one shape, or one that is a scalar or has a number per channel",
		Got:  fmt.Sprintf("%v and %v", a, b), Fix: fix,
	}
}

// PerChannel makes a number per channel, [C], an operand of Add and Mul that
// stands beside images: [C 1 1].
func PerChannel(x *graph.Value) *graph.Value {
	s := x.Shape()
	if len(s) != 1 || x.Type().Batched {
		x.Refuse(graph.Error{Op: "per_channel", Want: "a number per channel, [C]", Got: x.Type().String()})
	}
	return reshape(x, graph.Shape{s[0], 1, 1})
}

// fits reports whether small can stand for a value of type big.
func fits(small, big graph.Type) bool {
	if small.Batched {
		return false
	}
	if len(small.Shape) == 0 {
		return true
	}
	if len(big.Shape) < 2 || len(small.Shape) != len(big.Shape)-1 || small.Shape[0] != big.Shape[1] {
		return false
	}
	for _, d := range small.Shape[1:] {
		if d != 1 {
			return false
		}
	}
	return true
}

// channelOf returns a function from an offset into a value of shape big to the
// offset into a broadcast operand of shape small.
func channelOf(small, big graph.Shape) func(i int) int {
	switch {
	case small.Equal(big):
		return func(i int) int { return i }
	case len(small) == 0:
		return func(int) int { return 0 }
	}
	plane := 1
	for _, d := range big[2:] {
		plane *= d
	}
	return func(i int) int { return i / plane % big[1] }
}

// reduceTo is the way back for gradients: g summed to the operand's type.
func reduceTo(operand graph.Type, g *graph.Value) *graph.Value {
	if operand.Equal(g.Type()) {
		return g
	}
	return graph.Apply(SumOp{PerChannel: len(operand.Shape) > 0, Shape: operand.Shape}, g)
}
