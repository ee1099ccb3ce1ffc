package optest

import (
	"fmt"

	"gradus/graph"
	"gradus/internal/fixture"
)

// Case is one small computation and the numbers it is run on. They keep clear
// of the points where the computation is not differentiable.
type Case struct {
	Name   string // what is computed: shapes and options
	Inputs []Input
	Build  func(in []*graph.Value) *graph.Value
	// Terms is how many numbers are added up for one element of the result or
	// of a gradient, at most. 0 says that numbers are only copied or counted.
	Terms int
}

// Input is an operand of a Case. All numbers are float32 values.
type Input struct {
	Type  graph.Type
	Data  []float64
	Fixed bool // has no gradient: labels, the number of valid samples
}

// The names in the programs of a Case, besides those of Name and
// graph.GradientName.
const (
	Result = "out"  // the output that holds what Build returned
	Seed   = "seed" // the input that holds the gradient of the result
)

// Name is the name of input i: x0, x1 and so on.
func Name(i int) string { return fmt.Sprintf("x%d", i) }

// Program records the computation. With gradients it also has those of all
// inputs that are not fixed, given that of the result; one that is missing is
// an error.
func (c Case) Program(gradients bool) (*graph.Program, error) {
	return graph.Trace(nil, graph.Training, func(b *graph.Builder) {
		var in, wrt []*graph.Value
		var names []string // of wrt
		for i, input := range c.Inputs {
			v := declare(b, Name(i), input.Type)
			in = append(in, v)
			if !input.Fixed {
				wrt, names = append(wrt, v), append(names, graph.GradientName(Name(i)))
			}
		}
		y := c.Build(in)
		b.Output(Result, y, false)
		if !gradients || len(wrt) == 0 {
			return
		}
		grads := b.Gradients(y, declare(b, Seed, y.Type()), wrt...)
		for i, name := range names {
			if grads[i] == nil {
				panic(&graph.Error{Want: "the output " + name, Got: "an operation without this gradient"})
			}
			b.Output(name, grads[i], false)
		}
	})
}

// declare makes samples of batched values; the others are given whole.
func declare(b *graph.Builder, name string, t graph.Type) *graph.Value {
	feed := graph.Whole
	if t.Batched {
		feed = graph.Sample
	}
	return b.Input(name, feed, t)
}

// Values are the numbers of the inputs of p, one of the case's programs, by
// name.
func (c Case) Values(p *graph.Program) map[string][]float64 {
	values := map[string][]float64{}
	for i, input := range c.Inputs {
		values[Name(i)] = input.Data
	}
	if in, ok := p.Input(Seed); ok {
		values[Seed] = seeds(p.Values[in.Value].Size())
	}
	return values
}

// seeds are gradients of a result: n fixed numbers between -2 and 2, none 0.
func seeds(n int) []float64 {
	data := make([]float64, n)
	for i := range data {
		data[i] = float64(2*(i*29%63)-63) / 32
	}
	return data
}

// Bound is how far results computed in float32 may be from the reference: the
// rounding errors of a sum of Terms numbers of about the size of the inputs, and
// of the few operations around it.
func (c Case) Bound() fixture.Bound {
	if c.Terms == 0 {
		return fixture.Bound{}
	}
	const ulp = 1.0 / (1 << 23)
	return fixture.Bound{Absolute: 4 * ulp * float64(c.Terms+4), Relative: 4 * ulp}
}
