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
// d/2 rounded towards zero goes to the left and the top, the rest to the right
// and the bottom; bigger images are cropped the same way. Images that already
// agree are returned as they are.
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

// Infer wants images of which something is left when they are cropped.
func (p Pad2dOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	if err := images(in[0]); err != nil {
		return graph.Type{}, err
	}
	for _, side := range []int{p.Top, p.Bottom, p.Left, p.Right} {
		if side < -largest || side > largest {
			return graph.Type{}, &graph.Error{Want: fmt.Sprintf("padding of -%d to %[1]d", largest), Got: fmt.Sprint(side)}
		}
	}
	x := in[0].Shape
	rows, columns := x[2]+min(p.Top, 0)+min(p.Bottom, 0), x[3]+min(p.Left, 0)+min(p.Right, 0)
	if rows < 1 || columns < 1 {
		return graph.Type{}, &graph.Error{
			Want: "an image that is bigger than what is cropped",
			Got:  fmt.Sprintf("input %dx%d, padding %d %d %d %d", x[2], x[3], p.Top, p.Bottom, p.Left, p.Right),
		}
	}
	return batched(x[0], x[1], rows+max(p.Top, 0)+max(p.Bottom, 0), columns+max(p.Left, 0)+max(p.Right, 0)), nil
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
