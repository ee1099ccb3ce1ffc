package op

import (
	"fmt"

	"gradus/graph"
)

// Pad2d adds rows and columns of zeros around images [N C H W]; negative
// numbers crop.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
func Pad2d(x *graph.Value, p Padding) *graph.Value { return graph.Apply(Pad2dOp{p}, x) }

// PadTo brings images x to the height and width of like. Of a difference d,
// floor(d/2) goes to the left and the top and the rest to the right and the
// bottom; bigger images are cropped the same way. Images that already agree are
// returned as they are.
func PadTo(x, like *graph.Value) *graph.Value {
	a, b := x.Shape(), like.Shape()
	if len(a) != 4 || len(b) != 4 {
		return graph.Apply(Pad2dOp{}, x) // refuses what is not an image
	}
	if a[2] == b[2] && a[3] == b[3] {
		return x
	}
	h, w := b[2]-a[2], b[3]-a[3]
	return Pad2d(x, Padding{Top: h / 2, Bottom: h - h/2, Left: w / 2, Right: w - w/2})
}

// Pad2dOp is the operation behind Pad2d.
type Pad2dOp struct {
	Padding
}

// Name is "pad2d".
func (Pad2dOp) Name() string { return "pad2d" }

// Infer wants images that are not cropped to less than nothing.
func (p Pad2dOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if err := images(in[0]); err != nil {
		return graph.Type{}, err
	}
	x := in[0].Shape
	h, w := x[2]+p.Top+p.Bottom, x[3]+p.Left+p.Right
	if h < 0 || w < 0 {
		return graph.Type{}, &graph.Error{
			Want: "to crop no more than the image has",
			Got:  fmt.Sprintf("input %dx%d, padding %d %d %d %d", x[2], x[3], p.Top, p.Bottom, p.Left, p.Right),
		}
	}
	return batched(x[0], x[1], h, w), nil
}

// Reference moves every element to its place, if it has one.
func (p Pad2dOp) Reference(in []graph.Array, out graph.Array) {
	x, y := in[0].Shape, out.Shape
	for nc := range x[0] * x[1] {
		for i := max(0, -p.Top); i < min(x[2], y[2]-p.Top); i++ {
			for j := max(0, -p.Left); j < min(x[3], y[3]-p.Left); j++ {
				out.Data[(nc*y[2]+i+p.Top)*y[3]+j+p.Left] = in[0].Data[(nc*x[2]+i)*x[3]+j]
			}
		}
	}
}

// Gradient pads by the opposite amounts.
func (p Pad2dOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{Pad2d(n.Grad, Padding{-p.Top, -p.Bottom, -p.Left, -p.Right})}
}
