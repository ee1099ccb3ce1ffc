package optest

import (
	"fmt"
	"math"

	"gradus/graph"
	"gradus/op"
)

func logSoftmax(d *draw) Case {
	x := d.rows()
	return Case{
		Name:   fmt.Sprint(x),
		Inputs: []Input{d.samples(x)},
		Build:  func(in []*graph.Value) *graph.Value { return op.LogSoftmax(in[0]) },
		Terms:  x[1],
	}
}

func crossEntropyLosses(d *draw) Case {
	x := d.rows()
	return Case{
		Name:   fmt.Sprint(x),
		Inputs: []Input{d.samples(x), d.labels(x[0], x[1])},
		Build:  func(in []*graph.Value) *graph.Value { return op.CrossEntropyLosses(in[0], in[1]) },
		Terms:  x[1],
	}
}

func batchMean(d *draw) Case {
	x := graph.Shape{d.batch()}
	return d.partial(Case{
		Name:   fmt.Sprint(x),
		Inputs: []Input{d.samples(x)},
		Build: func(in []*graph.Value) *graph.Value {
			return op.BatchMean(in[0], last(in, 1))
		},
		Terms: x[0] + 1,
	}, x[0])
}

// errorCount has logits with ties.
func errorCount(d *draw) Case {
	x := d.rows()
	logits := Input{
		Type: graph.Type{DType: graph.Float32, Shape: x, Batched: true},
		Data: d.integers(x, -2, 2), Fixed: true,
	}
	return d.partial(Case{
		Name:   fmt.Sprint(x),
		Inputs: []Input{logits, d.labels(x[0], x[1])},
		Build: func(in []*graph.Value) *graph.Value {
			return op.ErrorCount(in[0], in[1], last(in, 2))
		},
	}, x[0])
}

// partial adds the number of valid samples among n as last input, or leaves it
// out.
func (d *draw) partial(c Case, n int) Case {
	if d.coin() {
		valid := d.valid(n)
		c.Name += fmt.Sprintf(", %v valid", valid.Data[0])
		c.Inputs = append(c.Inputs, valid)
	}
	return c
}

// last is value i, nil where there are no more than i.
func last(in []*graph.Value, i int) *graph.Value {
	if i < len(in) {
		return in[i]
	}
	return nil
}

// nonFiniteCount has up to three operands with a few infinities and NaNs.
func nonFiniteCount(d *draw) Case {
	var c Case
	n := d.batch()
	for range 1 + d.IntN(3) {
		shape, batched := d.anyShape()
		if batched {
			shape[0] = n
		}
		in := d.input(shape, batched)
		in.Fixed = true
		for range min(d.IntN(3), len(in.Data)) {
			in.Data[d.IntN(len(in.Data))] = []float64{math.NaN(), math.Inf(1), math.Inf(-1)}[d.IntN(3)]
		}
		c.Name += fmt.Sprint(shape)
		c.Inputs = append(c.Inputs, in)
	}
	c.Build = func(in []*graph.Value) *graph.Value { return op.NonFiniteCount(in...) }
	return c
}
