package graph_test

import (
	"fmt"
	"math"
	"testing"

	"gradus/graph"
)

// tensors is a module of tensors that someone else made.
type tensors struct{ A, B *graph.Tensor }

func (m *tensors) Forward(x *graph.Value) *graph.Value { return x }

func checkParameters(t *testing.T, m graph.Module, want string) {
	t.Helper()
	_, err := graph.Parameters(m)
	if want == "" {
		if err != nil {
			t.Errorf("expected no error, got %v", err)
		}
		return
	}
	if err == nil || err.Error() != want {
		t.Errorf("expected %s\ngot      %v", want, err)
	}
}

// Two parameters do not share memory, unless they are one.
func TestL03ParametersThatOverlap(t *testing.T) {
	numbers := make([]float32, 10)
	tensor := func(from, to int) *graph.Tensor {
		return &graph.Tensor{Shape: graph.Shape{to - from}, Data: numbers[from:to]}
	}
	const shared = "expected parameters with memory of their own, got %s, which share some; use one tensor twice to share it, or copy the numbers"
	one := tensor(0, 10)
	checkParameters(t, &tensors{one, one}, "")
	checkParameters(t, &tensors{tensor(0, 5), tensor(5, 10)}, "")
	checkParameters(t, &tensors{tensor(5, 10), tensor(0, 5)}, "")
	checkParameters(t, &tensors{tensor(3, 3), tensor(0, 10)}, "")
	checkParameters(t, &tensors{tensor(0, 6), tensor(5, 10)}, fmt.Sprintf(shared, "a and b"))
	checkParameters(t, &tensors{tensor(5, 10), tensor(0, 6)}, fmt.Sprintf(shared, "b and a"))
}

// There are no strides: numbers stand row by row, as many as the shape says.
func TestL04WrongNumberOfNumbers(t *testing.T) {
	for _, n := range []int{0, 5, 7} {
		checkParameters(t, &tensors{A: &graph.Tensor{Shape: graph.Shape{2, 3}, Data: make([]float32, n)}},
			fmt.Sprintf("layer a: expected 6 numbers for shape [2 3], got %d", n))
	}
}

// Sizes that do not fit an int are errors, not small numbers.
func TestL09Overflow(t *testing.T) {
	for _, tt := range []struct {
		shape graph.Shape
		want  int // -1: refused
	}{
		{graph.Shape{math.MaxInt}, math.MaxInt},
		{graph.Shape{1 << 31, 1 << 31}, 1 << 62},
		{graph.Shape{1 << 32, 1 << 31}, -1},
		{graph.Shape{1 << 32, 1 << 32}, -1}, // 0 when it wraps
		{graph.Shape{1<<32 + 1, 1 << 32, 1}, -1},
		{graph.Shape{math.MaxInt, 2}, -1},
		{graph.Shape{-1, -1}, -1},
		{graph.Shape{math.MinInt}, -1},
		{graph.Shape{16, 0, 28}, 0},
		{nil, 1},
	} {
		n, err := tt.shape.Elements()
		if refused := tt.want < 0; refused != (err != nil) || !refused && n != tt.want {
			t.Errorf("%v: expected %d, got %d, %v", tt.shape, tt.want, n, err)
		}
	}
	huge := graph.Shape{1 << 32, 1 << 32}
	if err := (graph.Type{DType: graph.Float32, Shape: huge}).Check(); err == nil {
		t.Error("expected a type of 2^64 elements to be refused")
	}
	checkParameters(t, &tensors{A: &graph.Tensor{Shape: huge}}, "layer a: expected a tensor with a valid shape, got [4294967296 4294967296]")
}
