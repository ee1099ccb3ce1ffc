package op

import (
	"fmt"
	"math"

	"gradus/graph"
)

// Affine is scale*x + shift, element by element, with constant numbers. The
// operand may be bytes or integers; the result is float32. It normalises
// images: (u/255 - mean) / std has scale 1/(255*std) and shift -mean/std.
func Affine(x *graph.Value, scale, shift float64) *graph.Value {
	return graph.Apply(AffineOp{scale, shift}, x)
}

// AffineOp is the operation behind Affine.
type AffineOp struct {
	Scale float64 `json:"scale"`
	Shift float64 `json:"shift"`
}

// Name is "affine".
func (AffineOp) Name() string { return "affine" }

// Infer wants one operand of any element type, and finite constants.
func (a AffineOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := arity(in, 1, 1); err != nil {
		return graph.Type{}, err
	}
	for _, x := range []float64{a.Scale, a.Shift} {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return graph.Type{}, &graph.Error{Want: "a finite scale and shift", Got: fmt.Sprint(x)}
		}
	}
	return graph.Type{DType: graph.Float32, Shape: in[0].Shape, Batched: in[0].Batched}, nil
}

// Reference is the formula of Affine.
func (a AffineOp) Reference(in []graph.Array, out graph.Array) {
	for i, x := range in[0].Data {
		out.Data[i] = a.Scale*x + a.Shift
	}
}

// Gradient is scale*dy; bytes and integers have none.
func (a AffineOp) Gradient(n graph.NodeGradient) []*graph.Value {
	if n.In[0].Type().DType != graph.Float32 {
		return []*graph.Value{nil}
	}
	return []*graph.Value{Affine(n.Grad, a.Scale, 0)}
}
