package op

import (
	"fmt"

	"gradus/graph"
)

// operands wants exactly n float32 operands.
func operands(in []graph.Type, n int) error {
	if len(in) != n {
		return &graph.Error{Want: fmt.Sprintf("%d operands", n), Got: fmt.Sprint(len(in))}
	}
	for i, t := range in {
		if t.DType != graph.Float32 {
			return &graph.Error{
				Want: fmt.Sprintf("operand %d to be float32", i), Got: t.String(),
				Fix: "op.Affine turns bytes into float32",
			}
		}
	}
	return nil
}

// elementwise wants n float32 operands of one type, which is the result's.
func elementwise(in []graph.Type, n int) (graph.Type, error) {
	if err := operands(in, n); err != nil {
		return graph.Type{}, err
	}
	for _, t := range in[1:] {
		if !t.Equal(in[0]) {
			return graph.Type{}, &graph.Error{Want: in[0].String(), Got: t.String()}
		}
	}
	return in[0], nil
}

// images wants t to be a batch of images, [N C H W].
func images(t graph.Type) error {
	if len(t.Shape) != 4 || !t.Batched {
		return &graph.Error{Want: "images [N C H W]", Got: t.String()}
	}
	return nil
}

// batched is the float32 type of a batched value.
func batched(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: shape, Batched: true}
}

// plain is the float32 type of a value without a batch dimension.
func plain(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: append(graph.Shape{}, shape...)}
}
