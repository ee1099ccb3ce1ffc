package op_test

import (
	"math"
	"slices"
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
	"gradus/random"
)

// Central differences with this step, in float64, tell a gradient to better
// than the tolerances.
const (
	step     = 1e-6
	absolute = 1e-5
	relative = 1e-3
)

// Coordinates and directions tried per input.
const (
	mostCoordinates = 50
	directions      = 3
)

// The gradients of all operations agree with finite differences of their
// references, coordinate by coordinate and along random directions.
func TestL07Gradients(t *testing.T) {
	eachCase(t, optest.Cases, func(t *testing.T, _ string, c optest.Case) { checkGradients(t, c) })
}

// So do the gradients of the gradients, where operations have them.
func TestL07SecondGradients(t *testing.T) {
	for name, want := range map[string]bool{
		"add": true, "mul": true, "affine": true, "accumulate": true, "flatten": true, "sum": true, "pad2d": true,
		"conv2d": true, "linear": true, "avg_pool2d": true,
		"relu": false, "sigmoid": false, "tanh": false, "max_pool2d": false,
		"log_softmax": false, "cross_entropy_losses": false, "batch_mean": false,
	} {
		t.Run(name, func(t *testing.T) {
			for _, c := range optest.Cases(name, random.New(2, name)) {
				if c.Inputs[0].Fixed { // bytes or integers
					continue
				}
				c = withGradients(t, c)
				if _, err := c.Program(true); (err == nil) != want {
					t.Fatalf("%s: expected a second gradient: %v, got error %v", c.Name, want, err)
				}
				if want {
					checkGradients(t, c)
				}
			}
		})
	}
}

// withGradients is a number that depends on the result of c and on all of its
// gradients: the result times its gradient, plus each input times its own.
func withGradients(t *testing.T, c optest.Case) optest.Case {
	t.Helper()
	p, err := c.Program(true)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	seed, _ := p.Input(optest.Seed)
	n, build := len(c.Inputs), c.Build
	c.Inputs = append(slices.Clip(c.Inputs), optest.Input{Type: p.Values[seed.Value], Data: c.Values(p)[optest.Seed]})
	c.Build = func(in []*graph.Value) *graph.Value {
		y := build(in[:n])
		total := op.TotalSum(op.Mul(y, in[n]))
		for i, x := range in[:n] {
			if !c.Inputs[i].Fixed {
				g := x.Builder().Gradients(y, in[n], x)[0]
				total = op.Add(total, op.TotalSum(op.Mul(g, x)))
			}
		}
		return total
	}
	return c
}

func checkGradients(t *testing.T, c optest.Case) {
	t.Helper()
	if !slices.ContainsFunc(c.Inputs, func(in optest.Input) bool { return !in.Fixed }) {
		return
	}
	gradients := compute(t, c)
	forward, err := c.Program(false)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	e := newEvaluator(forward)
	seed := c.Values(gradients.program)[optest.Seed]
	values := map[string][]float64{}
	for name, data := range c.Values(forward) {
		values[name] = slices.Clone(data)
	}
	// slope is the derivative of sum(result*seed) where every input i moves
	// along direction[i].
	slope := func(direction map[int][]float64) float64 {
		at := func(h float64) float64 {
			for i, v := range direction {
				x := values[optest.Name(i)]
				for k := range v {
					x[k] = c.Inputs[i].Data[k] + h*v[k]
				}
			}
			e.run(values)
			return dot(e.output(optest.Result), seed)
		}
		d := (at(step) - at(-step)) / (2 * step)
		at(0)
		return d
	}

	r := random.New(3, c.Name)
	for i, in := range c.Inputs {
		if in.Fixed {
			continue
		}
		got := gradients.output(graph.GradientName(optest.Name(i)))
		if len(got) != len(in.Data) {
			t.Fatalf("%s: expected %d numbers in the gradient of input %d, got %d", c.Name, len(in.Data), i, len(got))
		}
		for _, k := range coordinates(r, len(got)) {
			unit := make([]float64, len(got))
			unit[k] = 1
			if want := slope(map[int][]float64{i: unit}); !near(got[k], want) {
				t.Fatalf("%s: gradient of input %d, element %d: expected %v, got %v", c.Name, i, k, want, got[k])
			}
		}
	}
	for range directions {
		direction, got := map[int][]float64{}, 0.0
		for i, in := range c.Inputs {
			if !in.Fixed {
				direction[i] = unitVector(r, len(in.Data))
				got += dot(gradients.output(graph.GradientName(optest.Name(i))), direction[i])
			}
		}
		if want := slope(direction); !near(got, want) {
			t.Fatalf("%s: along a direction: expected %v, got %v", c.Name, want, got)
		}
	}
}

func near(got, want float64) bool { return math.Abs(got-want) <= absolute+relative*math.Abs(want) }

// coordinates are all of 0..n-1 where those are few, else some.
func coordinates(r *random.Stream, n int) []int32 {
	all := make([]int32, n)
	r.Perm(all)
	return all[:min(n, mostCoordinates)]
}

func unitVector(r *random.Stream, n int) []float64 {
	v := make([]float64, n)
	for i := range v {
		v[i] = 2*r.Float64() - 1
	}
	length := math.Sqrt(dot(v, v))
	for i := range v {
		v[i] /= length
	}
	return v
}

func dot(a, b []float64) float64 {
	sum := 0.0
	for i := range a {
		sum += a[i] * b[i]
	}
	return sum
}
