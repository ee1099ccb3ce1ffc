package cpu

import (
	"fmt"
	"strings"
	"testing"

	"gradus/graph"
	"gradus/op"
	"gradus/random"
)

// blocks is a convolution, `depth` blocks that keep the image's size and one that
// halves it, with a shortcut that must be padded where the size is odd. Without a
// joining function the blocks are convex.
type blocks struct {
	Weights []*graph.Tensor
	depth   int
	join    func(f, r *graph.Value) *graph.Value
}

func newBlocks(depth int, join func(f, r *graph.Value) *graph.Value) *blocks {
	r := random.New(1, "blocks")
	b := &blocks{depth: depth, join: join}
	add := func(shape ...int) {
		w := graph.NewTensor(shape...)
		for i := range w.Data {
			w.Data[i] = float32(r.Uniform(-0.5, 0.5))
		}
		b.Weights = append(b.Weights, w)
	}
	add(3, 2, 3, 3)
	for range depth {
		add(3, 3, 3, 3)
	}
	add(5, 3, 3, 3)
	add(5, 3, 1, 1)
	if join == nil {
		add()
		b.join = convex(b.Weights[len(b.Weights)-1])
	}
	return b
}

func (b *blocks) Forward(x *graph.Value) *graph.Value {
	convolve := func(x *graph.Value, i, stride int) *graph.Value {
		w := b.Weights[i]
		return op.Conv2d(x, x.Param(w), nil, op.Conv2dOptions{Stride: [2]int{stride, stride}, Padding: op.Pad(w.Shape[2] / 2)})
	}
	x = op.ReLU(convolve(x, 0, 1))
	for i := range b.depth {
		x = b.join(convolve(x, 1+i, 1), x)
	}
	half := op.AvgPool2d(x, [2]int{2, 2}, op.AvgPool2dOptions{Stride: [2]int{2, 2}})
	f := convolve(x, 1+b.depth, 2)
	return b.join(f, op.PadTo(convolve(half, 2+b.depth, 1), f))
}

// program is the network on images of a size, and its gradients if training.
func (b *blocks) program(t *testing.T, batchSize, size int, training bool) *graph.Program {
	t.Helper()
	p, err := graph.Trace(b, graph.Training, func(g *graph.Builder) {
		x := g.Input("x", graph.Sample, batch(batchSize, 2, size, size))
		y := x.Through(b)
		g.Output("y", y, false)
		g.Output("total", op.TotalSum(op.Mul(y, y)), false)
	})
	if err == nil && training {
		p, err = graph.Differentiate(p, "total")
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// found is the names of the chains in a program and of the convolutions that end with an
// addition, in order.
func found(p *graph.Program) []string {
	var names []string
	for _, n := range p.Nodes {
		switch o := n.Op.(type) {
		case chainOp:
			names = append(names, o.Name())
		case conv2dEnding:
			if o.add {
				names = append(names, o.Name())
			}
		case conv2dDataEnding:
			if o.add {
				names = append(names, o.Name())
			}
		}
	}
	return names
}

// left is the elementwise operations on batched values that are not part of a chain.
func left(p *graph.Program) []string {
	var names []string
	for _, n := range p.Nodes {
		if !p.Values[n.Out].Batched {
			continue
		}
		switch n.Op.(type) {
		case op.AddOp, op.MulOp, op.AffineOp, op.ReLUOp, op.ReLUGradientOp, op.SigmoidOp, op.SigmoidGradientOp, op.TanhOp,
			op.TanhGradientOp, op.Pad2dOp, graph.AccumulateOp:
			names = append(names, n.Op.Name())
		}
	}
	return names
}

// TestChainsAreFound looks for them in block networks. What is left there belongs to
// the sum of squares behind the network, and to the gradients of convex branches, which
// are scaled one by one.
func TestChainsAreFound(t *testing.T) {
	swapped := func(f, r *graph.Value) *graph.Value {
		s := op.Add(r, f)
		g := op.Sigmoid(s)
		return op.Add(op.Mul(op.Tanh(s), op.Affine(g, -1, 1)), op.Mul(f, g))
	}
	shown := func(f, r *graph.Value) *graph.Value { // somebody else reads the sum
		s := op.Add(f, r)
		return op.Add(op.ReLU(s), s)
	}
	for _, c := range []struct {
		name     string
		join     func(f, r *graph.Value) *graph.Value
		size     int
		training bool
		want     string
		left     string
	}{
		{"residual", residual, 6, false, "conv2d+add+relu conv2d+add+relu conv2d+add+relu", ""},
		{"residual", residual, 7, false, "conv2d+add+relu conv2d+add+relu pad2d+add+relu", ""},
		{"residual", residual, 6, true,
			strings.Repeat("conv2d+add+relu ", 3) + "accumulate+relu_gradient" + strings.Repeat(" conv2d_data_gradient+accumulate+relu_gradient", 3),
			"add mul mul"},
		{"residual", residual, 7, true,
			strings.Repeat("conv2d+add+relu ", 2) + "pad2d+add+relu accumulate+relu_gradient+pad2d" + strings.Repeat(" conv2d_data_gradient+accumulate+relu_gradient", 3),
			"add mul mul"},
		{"gated", gated, 6, false, "gate gate gate", ""},
		{"gated", gated, 7, false, "gate gate pad2d+gate", ""},
		{"gated", gated, 6, true,
			"gate gate gate accumulate+gate_gradient accumulate+gate_gradient accumulate+gate_gradient conv2d_data_gradient+accumulate+relu_gradient", "add mul mul"},
		{"gated", gated, 7, true,
			"gate gate pad2d+gate accumulate+gate_gradient+pad2d accumulate+gate_gradient accumulate+gate_gradient conv2d_data_gradient+accumulate+relu_gradient", "add mul mul"},
		{"convex", nil, 7, false, "convex+relu convex+relu pad2d+convex+relu", ""},
		{"convex", nil, 6, true,
			"convex+relu convex+relu convex+relu accumulate+relu_gradient" + strings.Repeat(" conv2d_data_gradient+accumulate+relu_gradient", 3),
			"add mul mul mul mul mul mul mul mul"},
		{"swapped", swapped, 7, false, "gate gate pad2d+gate", ""},
		{"shown", shown, 6, false, "", "add relu add add relu add add relu add"},
	} {
		t.Run(fmt.Sprintf("%s/%d/%v", c.name, c.size, c.training), func(t *testing.T) {
			p := newBlocks(2, c.join).program(t, 20, c.size, c.training)
			q, _, _ := fuse(p)
			if got := strings.Join(found(q), " "); got != c.want {
				t.Errorf("chains:\n got %s\nwant %s", got, c.want)
			}
			if got := strings.Join(left(q), " "); got != c.left {
				t.Errorf("left:\n got %s\nwant %s", got, c.left)
			}
		})
	}
}

// TestReferenceOfChains computes programs by the references of their operations,
// with chains and without.
func TestReferenceOfChains(t *testing.T) {
	for name, join := range map[string]func(f, r *graph.Value) *graph.Value{"residual": residual, "gated": gated, "convex": nil} {
		p := newBlocks(1, join).program(t, 3, 7, false)
		q, _, _ := fuse(p)
		if len(found(q)) != 2 {
			t.Fatalf("%s: expected 2 chains, got %v", name, found(q))
		}
		want, got := byReference(p), byReference(q)
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%s: element %d: expected %v, got %v", name, i, want[i], got[i])
			}
		}
	}
}

// byReference computes a program's first output from small numbers.
func byReference(p *graph.Program) []float64 {
	values := make([]graph.Array, len(p.Values))
	for i, t := range p.Values {
		values[i] = graph.Array{Shape: t.Shape, Data: wide(ramp(t.Size()))}
	}
	for _, n := range p.Nodes {
		var in []graph.Array
		for _, id := range n.In {
			in = append(in, values[id])
		}
		clear(values[n.Out].Data)
		n.Op.Reference(in, values[n.Out])
	}
	return values[p.Outputs[0].Value].Data
}
