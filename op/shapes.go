package op

import (
	"fmt"

	"gradus/graph"
)

// largest bounds the sizes of images, kernels, strides and paddings, so that
// sums of a few of them fit an int of 32 bits.
const largest = 1 << 28

// arity wants least to most operands.
func arity(in []graph.Type, least, most int) error {
	if len(in) >= least && len(in) <= most {
		return nil
	}
	want := fmt.Sprintf("%d operands", most)
	switch {
	case most == 1:
		want = "1 operand"
	case least < most:
		want = fmt.Sprintf("%d or %d operands", least, most)
	}
	return &graph.Error{Want: want, Got: fmt.Sprint(len(in))}
}

// operands wants exactly n float32 operands.
func operands(in []graph.Type, n int) error { return someOperands(in, n, n) }

// someOperands wants least to most float32 operands.
func someOperands(in []graph.Type, least, most int) error {
	if err := arity(in, least, most); err != nil {
		return err
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
	if h, w := t.Shape[2], t.Shape[3]; min(h, w) < 1 || max(h, w) > largest {
		return &graph.Error{Want: fmt.Sprintf("images [N C H W] with H and W of 1 to %d", largest), Got: t.String()}
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
