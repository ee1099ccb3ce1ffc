package parity

import (
	"path/filepath"
	"slices"
	"testing"

	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/op"
)

// Refusals runs the argument checks of the Web Neural Network API for
// convolutions and pools: what it refuses must be refused while the program is
// recorded, and what it accepts must have the same shape.
func Refusals(t *testing.T) {
	folder := filepath.Join(fixture.Outside(t), "webnn", "validation")
	var refusals, accepted tally
	for _, name := range []string{"conv2d", "pooling"} {
		for _, c := range readCases[webnnCheck](t, filepath.Join(folder, name+".json")) {
			counts := &accepted
			if c.Expect == "error" {
				counts = &refusals
			}
			if reason := c.skipped(); reason != "" {
				counts.skip(reason)
				continue
			}
			counts.ran++
			for _, operation := range c.operations() {
				c.check(t, operation)
			}
		}
	}
	refusals.report(t, "WebNN refusals", 17)
	accepted.report(t, "WebNN accepted arguments", 1)
}

// webnnCheck is a call that must succeed or fail.
type webnnCheck struct {
	Name    string
	Expect  string
	Input   webnnType
	Filter  *webnnType
	Output  webnnType
	Options struct {
		webnnOptions
		Groups *int
		Bias   *webnnType
	}
}

type webnnType struct {
	DataType string
	Shape    []int
}

// skipped is the reason why a check cannot be expressed with typed options.
func (c *webnnCheck) skipped() string {
	o := c.Options
	listed := func(list []int, n int) bool { return list == nil || len(list) == n }
	switch {
	case c.Input.DataType == "float16":
		return "dtype"
	case !listed(o.Padding, 4) || !listed(o.Strides, 2) || !listed(o.Dilations, 2) ||
		!listed(o.WindowDimensions, 2) || !listed(o.OutputSizes, 2):
		return "list length"
	case !only(o.Dilations, 1):
		return "dilation"
	case o.Groups != nil:
		return "groups"
	case o.OutputSizes != nil || o.RoundingType == "ceil":
		return "output size"
	}
	return ""
}

// operations are those the check is about: a convolution, or both pools.
func (c *webnnCheck) operations() []graph.Operation {
	image := c.Input.nchw(c.Options.InputLayout + c.Options.Layout)
	kernel := image[max(0, len(image)-2):]
	if c.Filter != nil {
		kernel = c.Filter.filter(c.Options.FilterLayout)
		kernel = kernel[max(0, len(kernel)-2):]
	}
	w := c.Options.window(kernel)
	if c.Filter != nil {
		return []graph.Operation{op.Conv2dOp{Window: w}}
	}
	return []graph.Operation{op.AvgPool2dOp{Window: w}, op.MaxPool2dOp{Window: w}}
}

func (c *webnnCheck) check(t *testing.T, operation graph.Operation) {
	t.Helper()
	layout := c.Options.InputLayout + c.Options.Layout
	in := []graph.Type{c.Input.as(c.Input.nchw(layout), true)}
	if c.Filter != nil {
		in = append(in, c.Filter.as(c.Filter.filter(c.Options.FilterLayout), false))
	}
	if bias := c.Options.Bias; bias != nil {
		in = append(in, bias.as(bias.Shape, false))
	}
	_, err := graph.Trace(nil, graph.Evaluation, func(b *graph.Builder) {
		var operands []*graph.Value
		for i, typ := range in {
			operands = append(operands, b.Input([]string{"input", "filter", "bias"}[i], graph.Whole, typ))
		}
		y := graph.Apply(operation, operands...)
		if want := c.Output.nchw(layout); c.Expect == "ok" && !slices.Equal(y.Shape(), want) {
			t.Errorf("%s: %s: expected shape %v, got %v", c.Name, operation.Name(), want, y.Shape())
		}
	})
	if (err == nil) != (c.Expect == "ok") {
		t.Errorf("%s: %s: expected %s, got %v", c.Name, operation.Name(), c.Expect, err)
	}
}

// nchw is the shape as [N C H W].
func (x webnnType) nchw(layout string) []int {
	if s := x.Shape; layout == "nhwc" && len(s) == 4 {
		return []int{s[0], s[3], s[1], s[2]}
	}
	return x.Shape
}

// filter is the shape as [out in height width].
func (x webnnType) filter(layout string) []int {
	if len(x.Shape) != 4 {
		return x.Shape
	}
	return oihw(array{x.Shape, make([]float64, size(x.Shape))}, layout).shape
}

func (x webnnType) as(shape []int, batched bool) graph.Type {
	t := graph.Type{DType: graph.Float32, Shape: shape, Batched: batched}
	if x.DataType == "int32" {
		t.DType = graph.Int32
	}
	return t
}
