package nn_test

import (
	"strings"
	"testing"

	"gradus/graph"
	"gradus/nn"
	"gradus/op"
	"gradus/random"
)

// trace applies m to float32 images or features of the given shape.
func trace(m nn.Module, shape ...int) (*graph.Program, error) {
	return graph.Trace(m, graph.Evaluation, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, graph.Type{DType: graph.Float32, Shape: shape, Batched: true})
		b.Output("y", x.Through(m), false)
	})
}

// Residual is a block as a user would write it.
type Residual struct {
	Activation          nn.Module
	Conv                *nn.Conv2d
	ResidualShapeAdjust nn.Module
}

func (b *Residual) Forward(x *graph.Value) *graph.Value {
	f, r := x.Through(b.Conv), x
	if b.ResidualShapeAdjust != nil {
		r = op.PadTo(x.Through(b.ResidualShapeAdjust), f)
	}
	return op.Add(f, r).Through(b.Activation)
}

// Joining is the same block with nn.Join.
type Joining Residual

func (b *Joining) Forward(x *graph.Value) *graph.Value {
	add := func(f, r *graph.Value) *graph.Value {
		if b.ResidualShapeAdjust != nil {
			r = op.PadTo(r, f)
		}
		return op.Add(f, r)
	}
	return nn.Join(b.Conv, b.ResidualShapeAdjust, add).Forward(x).Through(b.Activation)
}

func block(r *random.Stream) *Residual {
	return &Residual{
		Activation: nn.ReLU,
		Conv:       nn.NewConv2d(r, 4, 8, 3, nn.Conv2dOptions{Stride: 2, Padding: 1}),
		ResidualShapeAdjust: nn.Compose(
			nn.NewConv2d(r, 4, 8, 1, nn.Conv2dOptions{}), nn.AvgPool2d{Kernel: 2}),
	}
}

func names(t *testing.T, m nn.Module) string {
	t.Helper()
	params, err := nn.Parameters(m)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, p := range params {
		list = append(list, p.Name)
	}
	return strings.Join(list, " ")
}

func TestBlocksHavePyTorchsNames(t *testing.T) {
	want := "conv.weight conv.bias residual_shape_adjust.f.weight residual_shape_adjust.f.bias"
	b := block(random.New(1, "block"))
	if got := names(t, b); got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
	if got := names(t, (*Joining)(b)); got != want {
		t.Errorf("joined: expected %s, got %s", want, got)
	}
	want = "0.weight 0.bias 1.f.weight 1.f.bias"
	r := random.New(1, "sequence")
	s := &nn.Sequential{nn.NewLinear(r, 3, 3, nn.LinearOptions{}), nn.Compose(nn.NewLinear(r, 3, 3, nn.LinearOptions{}), nn.ReLU)}
	if got := names(t, s); got != want {
		t.Errorf("expected %s, got %s", want, got)
	}
}

// A block written with Join is the same program to the last path.
func TestJoinedBlockIsTheSameProgram(t *testing.T) {
	for _, size := range []int{14, 7} {
		b := block(random.New(1, "block"))
		plain, err := trace(b, 2, 4, size, size)
		if err != nil {
			t.Fatal(err)
		}
		joined, err := trace((*Joining)(b), 2, 4, size, size)
		if err != nil {
			t.Fatal(err)
		}
		if d := plain.Diff(joined); d != "" {
			t.Errorf("%dx%d: expected one program, got %s", size, size, d)
		}
	}
	b := &Residual{nn.ReLU, nn.NewConv2d(random.New(1, "block"), 4, 4, 3, nn.Conv2dOptions{Padding: 1}), nil}
	plain, err := trace(b, 2, 4, 7, 7)
	if err != nil {
		t.Fatal(err)
	}
	joined, err := trace((*Joining)(b), 2, 4, 7, 7)
	if err != nil {
		t.Fatal(err)
	}
	if d := plain.Diff(joined); d != "" {
		t.Errorf("without adjustment: expected one program, got %s", d)
	}
}

// Paths of layers are the prefixes of their parameters' names, however modules
// are nested.
func TestPathsMatchNames(t *testing.T) {
	r := random.New(1, "paths")
	conv := func() *nn.Conv2d { return nn.NewConv2d(r, 4, 4, 3, nn.Conv2dOptions{Padding: 1}) }
	m := nn.Compose(
		&nn.Sequential{conv(), nn.Compose(nn.ReLU, conv())},
		nn.Join(conv(), &nn.Sequential{conv()}, op.Add))
	p, err := trace(m, 1, 4, 5, 5)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range p.Nodes {
		if n.Op.Name() != "conv2d" {
			continue
		}
		for i, s := range p.States {
			if s.In == n.In[1] && s.Name != n.Path+".weight" {
				t.Errorf("state %d: expected the layer of %s, got %s", i, s.Name, n.Path)
			}
		}
	}
}
