package graph

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// DType is the type of a value's elements.
type DType string

// The element types a program knows. Arithmetic is done on Float32; bytes and
// integers only enter a program: pixels as Uint8, class labels as Int32.
const (
	Float32 DType = "float32"
	Uint8   DType = "uint8"
	Int32   DType = "int32"
)

// Shape is the size of each dimension, outermost first. The empty shape is a
// scalar.
type Shape []int

// Elements is the number of elements: the product of the dimensions, 1 for a
// scalar. It is an error when a dimension is negative or the product does not
// fit an int.
func (s Shape) Elements() (int, error) {
	n := 1
	for _, d := range s {
		if d < 0 {
			return 0, &Error{Want: "dimensions >= 0", Got: s.String()}
		}
		if d > 0 && n > math.MaxInt/d {
			return 0, &Error{Want: fmt.Sprintf("at most %d elements", math.MaxInt), Got: s.String()}
		}
		n *= d
	}
	return n, nil
}

// Equal reports whether both shapes have the same dimensions.
func (s Shape) Equal(t Shape) bool { return slices.Equal(s, t) }

// String formats the shape like PyTorch prints a size: [16 1 28 28].
func (s Shape) String() string {
	var b strings.Builder
	b.WriteByte('[')
	for i, d := range s {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(strconv.Itoa(d))
	}
	b.WriteByte(']')
	return b.String()
}

// Type is what is known of a value before it is computed.
type Type struct {
	DType DType `json:"dtype"`
	Shape Shape `json:"shape"`
	// Batched values have one entry per sample of the batch along their first
	// dimension. Devices may lay them out differently from parameters.
	Batched bool `json:"batched,omitempty"`
}

// Size is the number of elements. Types inside a Program have been checked:
// their size fits an int.
func (t Type) Size() int {
	n, err := t.Shape.Elements()
	if err != nil {
		panic(&Error{Want: "a shape with a valid size", Got: t.Shape.String()})
	}
	return n
}

// Equal reports whether both types are the same.
func (t Type) Equal(u Type) bool {
	return t.DType == u.DType && t.Batched == u.Batched && t.Shape.Equal(u.Shape)
}

// String formats the type as it stands in a program's dump, for instance
// float32[16* 4 14 14]; the star marks the batch dimension.
func (t Type) String() string {
	s := t.Shape.String()
	if t.Batched && len(t.Shape) > 0 {
		first := strconv.Itoa(t.Shape[0])
		s = "[" + first + "*" + s[1+len(first):]
	}
	return string(t.DType) + s
}

// Check refuses types no program may hold.
func (t Type) Check() error {
	switch t.DType {
	case Float32, Uint8, Int32:
	default:
		return &Error{Want: "dtype float32, uint8 or int32", Got: strconv.Quote(string(t.DType))}
	}
	if t.Batched && len(t.Shape) == 0 {
		return &Error{Want: "a batched value to have a batch dimension", Got: "a scalar"}
	}
	_, err := t.Shape.Elements()
	return err
}

// Tensor is a parameter: numbers in PyTorch's layout (row-major), owned by the
// module that declares it.
type Tensor struct {
	Shape Shape
	Data  []float32
}

// NewTensor makes a tensor of zeros.
func NewTensor(shape ...int) *Tensor {
	n := Type{Float32, shape, false}.Size()
	return &Tensor{Shape: append(Shape{}, shape...), Data: make([]float32, n)}
}

// Parameter is a tensor under its dotted name, for instance g.g.f.g.weight.
type Parameter struct {
	Name   string
	Tensor *Tensor
}

// Array is a value of the float64 reference: an operation's input or output,
// row-major. Bytes and integers are held as their float64 equals.
type Array struct {
	Shape Shape
	Data  []float64
}
