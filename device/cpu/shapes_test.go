package cpu

import (
	"maps"
	"slices"
	"testing"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/optest"
	"gradus/internal/shapes"
	"gradus/op"
	"gradus/random"
)

// TestConvolutionShapes compares convolutions of others' shapes and both their
// gradients with the reference, on whole numbers: nothing is rounded, so all
// must be equal.
func TestConvolutionShapes(t *testing.T) {
	list := shapes.Convolutions(t)
	r := random.New(1, "convolution shapes")
	for _, s := range list.Shapes {
		c := optest.Case{
			Name:   s.String(),
			Inputs: []optest.Input{wholeNumbers(r, s.Images(), true), wholeNumbers(r, s.Weight(), false)},
			Build: func(in []*graph.Value) *graph.Value {
				return op.Conv2d(in[0], in[1], nil, op.Conv2dOptions{Stride: s.Window.Stride, Padding: s.Window.Padding})
			},
		}
		checkOnEachISA(t, c, wholeNumbers(r, s.Result(), true).Data)
	}
	list.Log(t)
}

// TestPoolShapes does the same with pools. An average is equal where its divisor
// is a power of two; others are rounded, in the kernels term by term.
func TestPoolShapes(t *testing.T) {
	list := shapes.Pools(t)
	r := random.New(1, "pool shapes")
	for _, s := range list.Shapes {
		k, stride, padding := s.Window.Kernel, s.Window.Stride, s.Window.Padding
		size := k[0] * k[1]
		rounded := size
		if size&(size-1) == 0 {
			rounded = 0
		}
		for _, kind := range []struct {
			name  string
			terms int
			build func(x *graph.Value) *graph.Value
		}{
			{"max", 0, func(x *graph.Value) *graph.Value {
				return op.MaxPool2d(x, k, op.MaxPool2dOptions{Stride: stride, Padding: padding})
			}},
			{"average", rounded, func(x *graph.Value) *graph.Value {
				return op.AvgPool2d(x, k, op.AvgPool2dOptions{Stride: stride, Padding: padding})
			}},
			{"average without padding", size, func(x *graph.Value) *graph.Value {
				return op.AvgPool2d(x, k, op.AvgPool2dOptions{Stride: stride, Padding: padding, ExcludePadding: true})
			}},
		} {
			checkOnEachISA(t, optest.Case{
				Name:   kind.name + ", " + s.String(),
				Inputs: []optest.Input{wholeNumbers(r, s.Images(), true)},
				Build:  func(in []*graph.Value) *graph.Value { return kind.build(in[0]) },
				Terms:  kind.terms,
			}, wholeNumbers(r, s.Result(), true).Data)
		}
	}
	list.Log(t)
}

// checkOnEachISA compares a computation and its gradients, given that of the
// result, with the reference, for every instruction set of this machine.
func checkOnEachISA(t *testing.T, c optest.Case, seed []float64) {
	t.Helper()
	p, err := c.Program(true)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	inputs := map[string]device.Data{optest.Seed: data(graph.Float32, seed)}
	for i, in := range c.Inputs {
		inputs[optest.Name(i)] = data(graph.Float32, in.Data)
	}
	want := callOnce(t, c.Name, reference.New(), p, inputs)
	for _, isa := range kernel.Available() {
		got := callOnce(t, c.Name, New(Options{Threads: 2, ISA: isa, poison: true}), p, inputs)
		for _, name := range slices.Sorted(maps.Keys(want)) {
			if err := c.Bound().Check(wide(got[name]), wide(want[name])); err != nil {
				t.Errorf("%s: %s: %s: %v", isa, c.Name, name, err)
			}
		}
	}
}

// callOnce runs a program once.
func callOnce(t *testing.T, name string, d device.Device, p *graph.Program, inputs map[string]device.Data) map[string][]float32 {
	t.Helper()
	exec, err := d.Compile(device.NewState(nil), map[string]*graph.Program{"p": p})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	defer exec.Close()
	out, err := exec.Call("p", inputs, nil)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return out
}

// wholeNumbers is an operand of numbers from -3 to 3, whose sums and products
// are exact.
func wholeNumbers(r *random.Stream, shape graph.Shape, batched bool) optest.Input {
	in := optest.Input{Type: graph.Type{DType: graph.Float32, Shape: shape, Batched: batched}}
	in.Data = make([]float64, in.Type.Size())
	for i := range in.Data {
		in.Data[i] = float64(r.IntN(7) - 3)
	}
	return in
}
