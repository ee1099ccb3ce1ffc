package op_test

import (
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
)

func TestLinear(t *testing.T) {
	in := []optest.Input{
		samples([]float64{1, 2, 3, 4, 5, 6}, 2, 3),
		parameter([]float64{1, 0, -1, 2, 1, 0}, 2, 3),
		parameter([]float64{10, 20}, 2),
	}
	f := func(in []*graph.Value) *graph.Value { return op.Linear(in[0], in[1], in[2]) }
	expect(t, apply(t, f, in...), []float64{8, 24, 8, 33})
	grads := gradients(t, f, []float64{1, 2, 3, 4}, in...)
	expect(t, grads[0], []float64{5, 2, -1, 11, 4, -3})
	expect(t, grads[1], []float64{13, 17, 21, 18, 24, 30})
	expect(t, grads[2], []float64{4, 6})
}

func TestConv2d(t *testing.T) {
	in := []optest.Input{
		samples(numbers(9), 1, 1, 3, 3),
		parameter([]float64{1, 10, 100, 1000}, 1, 1, 2, 2),
		parameter([]float64{0.5}, 1),
	}
	f := func(in []*graph.Value) *graph.Value {
		return op.Conv2d(in[0], in[1], in[2], op.Conv2dOptions{Stride: [2]int{2, 1}, Padding: op.Padding{Top: 1, Left: 1}})
	}
	// Two rows of three: the first is above the image, the first column beside it.
	expect(t, apply(t, f, in...), []float64{1000.5, 2100.5, 3200.5, 7040.5, 8754.5, 9865.5})
	grads := gradients(t, f, []float64{1, 0, 0, 0, 0, 2}, in...)
	expect(t, grads[0], []float64{1000, 0, 0, 0, 2, 20, 0, 200, 2000})
	expect(t, grads[1], []float64{10, 12, 16, 19})
	expect(t, grads[2], []float64{3})
}

func TestFlatten(t *testing.T) {
	for _, test := range []struct{ from, to graph.Shape }{
		{graph.Shape{2, 3, 4, 5}, graph.Shape{2, 60}}, {graph.Shape{2, 3}, graph.Shape{2, 3}},
		{graph.Shape{2}, graph.Shape{2, 1}}, {graph.Shape{0, 3, 2}, graph.Shape{0, 6}},
	} {
		n, err := test.from.Elements()
		if err != nil {
			t.Fatal(err)
		}
		e := compute(t, optest.Case{Inputs: []optest.Input{samples(numbers(n), test.from...)}, Build: unary(op.Flatten)})
		out, _ := e.program.Output(optest.Result)
		if got := e.program.Values[out.Value]; !got.Shape.Equal(test.to) || !got.Batched {
			t.Errorf("%v: expected a batch of shape %v, got %v", test.from, test.to, got)
		}
		expect(t, e.output(optest.Result), numbers(n))
	}
}
