package parity

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/fixture"
	"gradus/nn"
	"gradus/op"
)

// opCase is a case of the operations' fixtures.
type opCase struct {
	Inputs                   []string
	Kernel, Stride, Padding  int
	Left, Right, Top, Bottom int
	Down                     bool

	model nn.Module // whose parameters the inputs are; nil for operations
}

// opKind is what cases with the same first path element have in common.
type opKind struct {
	batched  []string // operands whose first dimension counts samples
	apply    func(c opCase, x map[string]*graph.Value) *graph.Value
	out      fixture.Bound // of the result in float32
	gradient fixture.Bound // of the gradients in float32
}

// The bounds the fixtures come with: how far float32 may be from float64.
var (
	exact       = fixture.Bound{}
	elementwise = fixture.Bound{Relative: 1e-6}
	productOut  = fixture.Bound{Relative: 2e-6}
	productGrad = fixture.Bound{Relative: 4e-6}
	// alphaGrad is for the mixing weight of a convex block, whose gradient is
	// a cancelling sum over all elements.
	alphaGrad = fixture.Bound{Relative: 1e-5}
	// doubles is for results computed in float64.
	doubles = fixture.Bound{Relative: 1e-12}
)

// opKinds are the kinds of cases by name.
func opKinds() map[string]opKind {
	return map[string]opKind{
		"conv2d":         {[]string{"x"}, conv2d, productOut, productGrad},
		"conv2d_nobias":  {[]string{"x"}, conv2d, productOut, productGrad},
		"linear":         {[]string{"x"}, linear, productOut, productGrad},
		"avg_pool2d":     {[]string{"x"}, avgPool2d, elementwise, elementwise},
		"pad":            {[]string{"x"}, pad2d, exact, exact},
		"flatten":        {[]string{"x"}, simple(op.Flatten), exact, exact},
		"relu":           {[]string{"x"}, simple(op.ReLU), exact, exact},
		"sigmoid":        {[]string{"x"}, simple(op.Sigmoid), elementwise, elementwise},
		"tanh":           {[]string{"x"}, simple(op.Tanh), elementwise, elementwise},
		"log_softmax":    {[]string{"x"}, simple(op.LogSoftmax), elementwise, elementwise},
		"cross_entropy":  {[]string{"x", "y"}, crossEntropy, elementwise, elementwise},
		"add":            {[]string{"a", "b"}, add, elementwise, elementwise},
		"gate":           {[]string{"fx", "r"}, gated, elementwise, elementwise},
		"convex":         {[]string{"fx", "r"}, convex, elementwise, elementwise},
		"residual_block": {[]string{"x"}, block, productOut, productGrad},
		"gated_block":    {[]string{"x"}, block, productOut, productGrad},
		"convex_block":   {[]string{"x"}, block, productOut, productGrad},
	}
}

// Ops runs every case of the operations' fixtures, forward and every gradient.
func Ops(t *testing.T, dev device.Device, p Precision) {
	f := fixture.Load(t, "ops_f64.safetensors")
	cases := fixture.JSON[map[string]opCase](t, []byte(f.Metadata["cases"]))
	if len(cases) != 81 {
		t.Errorf("expected 81 cases, got %d", len(cases))
	}
	kinds := opKinds()
	for _, name := range slices.Sorted(maps.Keys(cases)) {
		prefix, _, _ := strings.Cut(name, "/")
		kind, ok := kinds[prefix]
		if !ok {
			t.Errorf("%s: expected a known kind of case, got %s", name, prefix)
			continue
		}
		test := cases[name]
		if weight, ok := f.Tensors[name+"/in/conv.weight"]; ok {
			test.model = blockModel(prefix, test, weight.Shape)
		}
		t.Run(name, func(t *testing.T) { kind.run(t, dev, p, f, name, test) })
	}
}

func (k opKind) run(t *testing.T, dev device.Device, p Precision, f *fixture.File, name string, test opCase) {
	c := computation{
		model:    test.model,
		upstream: f.Tensor(t, name+"/grad_out").Data,
		apply:    func(x map[string]*graph.Value) *graph.Value { return k.apply(test, x) },
	}
	for _, in := range test.Inputs {
		x := f.Tensor(t, name+"/in/"+in)
		o := operand{in, graph.Type{DType: graph.Float32, Shape: x.Shape, Batched: slices.Contains(k.batched, in)}, x.Data}
		if in == "y" {
			o.typ.DType = graph.Int32
		} else {
			c.wrt = append(c.wrt, in)
		}
		c.operands = append(c.operands, o)
	}
	got, err := c.run(dev, p)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.bound(k.out).Check(got[result], f.Tensor(t, name+"/out").Data); err != nil {
		t.Errorf("result: %v", err)
	}
	for _, in := range c.wrt {
		bound := k.gradient
		if in == "alpha" {
			bound = alphaGrad
		}
		if err := p.bound(bound).Check(got[graph.GradientName(in)], f.Tensor(t, name+"/grad/"+in).Data); err != nil {
			t.Errorf("gradient of %s: %v", in, err)
		}
	}
}

func simple(f func(x *graph.Value) *graph.Value) func(opCase, map[string]*graph.Value) *graph.Value {
	return func(_ opCase, x map[string]*graph.Value) *graph.Value { return f(x["x"]) }
}

func conv2d(c opCase, x map[string]*graph.Value) *graph.Value {
	return op.Conv2d(x["x"], x["w"], x["b"], op.Conv2dOptions{
		Stride: [2]int{c.Stride, c.Stride}, Padding: op.Pad(c.Padding),
	})
}

func linear(_ opCase, x map[string]*graph.Value) *graph.Value {
	return op.Linear(x["x"], x["w"], x["b"])
}

func avgPool2d(c opCase, x map[string]*graph.Value) *graph.Value {
	return op.AvgPool2d(x["x"], [2]int{c.Kernel, c.Kernel}, op.AvgPool2dOptions{Stride: [2]int{c.Stride, c.Stride}})
}

func pad2d(c opCase, x map[string]*graph.Value) *graph.Value {
	return op.Pad2d(x["x"], op.Padding{Top: c.Top, Bottom: c.Bottom, Left: c.Left, Right: c.Right})
}

func add(_ opCase, x map[string]*graph.Value) *graph.Value { return op.Add(x["a"], x["b"]) }

func crossEntropy(_ opCase, x map[string]*graph.Value) *graph.Value {
	return op.CrossEntropy(x["x"], x["y"], nil)
}
