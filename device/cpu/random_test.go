package cpu

import (
	"fmt"
	"math"
	"testing"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
	"gradus/optim"
	"gradus/random"
)

// network is a random module: a chain of operations with branches that join
// again, on whatever shape comes.
type network struct {
	Weights []*graph.Tensor
	steps   []func(n *network, x *graph.Value) *graph.Value
}

func (n *network) Forward(x *graph.Value) *graph.Value {
	for _, s := range n.steps {
		x = s(n, x)
	}
	return x
}

// joins are what joins the branches of blocks.
var joins = []func(f, r *graph.Value) *graph.Value{residual, gated}

// convex makes a joining function with a weight.
func convex(alpha *graph.Tensor) func(f, r *graph.Value) *graph.Value {
	return func(f, r *graph.Value) *graph.Value {
		a := op.Sigmoid(f.Param(alpha))
		return op.ReLU(op.Add(op.Mul(a, f), op.Mul(op.Affine(a, -1, 1), r)))
	}
}

func residual(f, r *graph.Value) *graph.Value { return op.ReLU(op.Add(f, r)) }

func gated(f, r *graph.Value) *graph.Value {
	s := op.Add(f, r)
	g := op.Sigmoid(s)
	return op.Add(op.Mul(g, f), op.Mul(op.Affine(g, -1, 1), op.Tanh(s)))
}

// parameter adds a tensor of the given shape.
func (n *network) parameter(r *random.Stream, shape ...int) int {
	w := graph.NewTensor(shape...)
	for i := range w.Data {
		w.Data[i] = float32(r.Uniform(-0.5, 0.5))
	}
	n.Weights = append(n.Weights, w)
	return len(n.Weights) - 1
}

// newNetwork draws a network for images of c x h x w, with `classes` outputs.
func newNetwork(r *random.Stream, c, h, w, classes int) *network {
	n := &network{}
	push := func(f func(n *network, x *graph.Value) *graph.Value) { n.steps = append(n.steps, f) }
	convolve := func(out, kernel, stride, pad int) {
		i, b := n.parameter(r, out, c, kernel, kernel), n.parameter(r, out)
		push(func(n *network, x *graph.Value) *graph.Value {
			return op.Conv2d(x, x.Param(n.Weights[i]), x.Param(n.Weights[b]), op.Conv2dOptions{
				Stride: [2]int{stride, stride}, Padding: op.Pad(pad)})
		})
		c, h, w = out, (h+2*pad-kernel)/stride+1, (w+2*pad-kernel)/stride+1
	}
	convolve(1+r.IntN(6), 3, 1+r.IntN(2), 1)
	for range 1 + r.IntN(6) {
		switch r.IntN(11) {
		case 9, 10: // a block: a convolution beside a shortcut of any size
			out, stride := c, 1
			if r.IntN(2) == 0 {
				out, stride = 1+r.IntN(6), 2
			}
			join := joins[r.IntN(len(joins))]
			if r.IntN(3) == 0 {
				join = convex(n.Weights[n.parameter(r)])
			}
			i, b := n.parameter(r, out, c, 3, 3), n.parameter(r, out)
			j := n.parameter(r, out, c, 1, 1)
			swap := r.IntN(2) == 0
			push(func(n *network, x *graph.Value) *graph.Value {
				f := op.Conv2d(x, x.Param(n.Weights[i]), x.Param(n.Weights[b]), op.Conv2dOptions{
					Stride: [2]int{stride, stride}, Padding: op.Pad(1)})
				s := x
				if stride == 2 {
					if x.Dim(2) >= 2 && x.Dim(3) >= 2 {
						s = op.AvgPool2d(x, [2]int{2, 2}, op.AvgPool2dOptions{Stride: [2]int{2, 2}})
					}
					s = op.Conv2d(s, x.Param(n.Weights[j]), nil, op.Conv2dOptions{})
				} else {
					s = op.Add(s, op.Conv2d(s, x.Param(n.Weights[j]), nil, op.Conv2dOptions{}))
				}
				s = op.PadTo(s, f)
				if swap {
					f, s = s, f
				}
				return join(f, s)
			})
			c, h, w = out, (h-1)/stride+1, (w-1)/stride+1
		case 8:
			convolve(1+r.IntN(20), 3, 1, 1)
			push(func(_ *network, x *graph.Value) *graph.Value { return op.ReLU(x) })
		case 0:
			convolve(1+r.IntN(6), 1+2*r.IntN(2), 1, 1)
		case 1:
			push(func(_ *network, x *graph.Value) *graph.Value { return op.Tanh(x) })
		case 2:
			push(func(_ *network, x *graph.Value) *graph.Value { return op.Sigmoid(x) })
		case 3: // a gate: the value is read three times
			push(func(_ *network, x *graph.Value) *graph.Value {
				g := op.Sigmoid(x)
				return op.Add(op.Mul(g, x), op.Mul(op.Affine(g, -1, 1), op.Tanh(x)))
			})
		case 4: // a residual branch through a shared weight
			i := n.parameter(r, c, c, 1, 1)
			push(func(n *network, x *graph.Value) *graph.Value {
				f := op.Conv2d(x, x.Param(n.Weights[i]), nil, op.Conv2dOptions{})
				return op.Add(op.Conv2d(f, x.Param(n.Weights[i]), nil, op.Conv2dOptions{}), x)
			})
		case 5: // a scalar and a number per channel
			s, p := n.parameter(r), n.parameter(r, c, 1, 1)
			push(func(n *network, x *graph.Value) *graph.Value {
				a := op.Sigmoid(x.Param(n.Weights[s]))
				return op.Add(op.Mul(x, a), op.Mul(x.Param(n.Weights[p]), op.Tanh(x)))
			})
		case 6:
			if h >= 2 && w >= 2 {
				pad := op.Padding{Right: r.IntN(2), Bottom: -r.IntN(2)}
				push(func(_ *network, x *graph.Value) *graph.Value {
					small := op.AvgPool2d(x, [2]int{2, 2}, op.AvgPool2dOptions{Stride: [2]int{1, 1}, Padding: op.Padding{Right: 1, Bottom: 1}})
					return op.PadTo(op.Pad2d(op.Add(small, x), pad), x)
				})
			}
		case 7:
			if h >= 2 && w >= 2 {
				push(func(_ *network, x *graph.Value) *graph.Value {
					return op.MaxPool2d(x, [2]int{2, 2}, op.MaxPool2dOptions{Stride: [2]int{1, 1}})
				})
				h, w = h-1, w-1
			}
		}
	}
	i, b := n.parameter(r, classes, c*h*w), n.parameter(r, classes)
	push(func(n *network, x *graph.Value) *graph.Value {
		return op.Linear(op.Flatten(x), x.Param(n.Weights[i]), x.Param(n.Weights[b]))
	})
	return n
}

// trainingProgram is a whole step of SGD on the network.
func (n *network) trainingProgram(t testing.TB, momentum float64, batch, c, h, w int) *graph.Program {
	t.Helper()
	p, err := graph.Trace(n, graph.Training, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, graph.Type{DType: graph.Uint8, Shape: graph.Shape{batch, c, h, w}, Batched: true})
		labels := b.Input("labels", graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{batch}, Batched: true})
		valid := b.Input("valid", graph.Count, graph.Type{DType: graph.Float32, Shape: graph.Shape{}})
		logits := op.Affine(x, 1.0/128, -1).Through(n)
		losses := op.CrossEntropyLosses(logits, labels)
		b.Output("logits", logits, false)
		b.Output("losses", losses, true)
		b.Output("errors", op.ErrorCount(logits, labels, valid), true)
		b.Output("loss", op.BatchMean(losses, valid), false)
	})
	if err == nil {
		p, err = graph.Differentiate(p, "loss")
	}
	if err == nil {
		p, err = optim.Append(p, optim.SGD{Momentum: momentum})
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// draw makes a random network, its training program and samples for it.
func draw(t testing.TB, seed uint64) (*network, *graph.Program, device.Samples, []int32) {
	r := random.New(seed, "programs")
	c, h, w, classes := 1+r.IntN(3), 4+r.IntN(6), 4+r.IntN(6), 2+r.IntN(5)
	batch := 1 + r.IntN(70)
	n := newNetwork(r, c, h, w, classes)
	momentum := 0.5
	if seed%3 == 1 {
		momentum = 0
	}
	p := n.trainingProgram(t, momentum, batch, c, h, w)

	count := batch*2 + r.IntN(batch) // two full batches and usually a partial one
	samples := device.Samples{"x": {Uint8: make([]uint8, count*c*h*w)}, "labels": {Int32: make([]int32, count)}}
	for i := range samples["x"].Uint8 {
		samples["x"].Uint8[i] = uint8(r.IntN(256))
	}
	for i := range samples["labels"].Int32 {
		samples["labels"].Int32[i] = int32(r.IntN(classes))
	}
	order := make([]int32, count)
	r.Perm(order)
	return n, p, samples, order
}

// run trains over the order on a device and returns the report and the state.
func run(t testing.TB, d device.Device, n *network, p *graph.Program, samples device.Samples, orders ...[]int32) (device.Report, []float32) {
	t.Helper()
	parameters, err := graph.Parameters(n)
	if err != nil {
		t.Fatal(err)
	}
	var saved [][]float32
	for _, q := range parameters {
		saved = append(saved, append([]float32{}, q.Tensor.Data...))
	}
	state := device.NewState(parameters)
	exec, err := d.Compile(state, map[string]*graph.Program{"train": p})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Close()
	var report device.Report
	for _, order := range orders {
		if report, err = steps(exec, "train", samples, order, device.Settings{"learning_rate": 0.05, "momentum": 0.5}); err != nil {
			t.Logf("%T\n%v", d, p)
			t.Fatal(err)
		}
	}
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	var all []float32
	for _, s := range state.Tensors() {
		all = append(all, s.Tensor.Data...)
	}
	for i, q := range parameters {
		copy(q.Tensor.Data, saved[i])
	}
	return report, all
}

func TestRandomProgramsAgreeWithTheReference(t *testing.T) {
	eachISA(t, randomProgramsAgree)
}

func randomProgramsAgree(t *testing.T, isa kernel.ISA) {
	for seed := range uint64(60) {
		n, p, samples, order := draw(t, seed)
		want, wantState := run(t, reference.New(), n, p, samples, order)
		got, gotState := run(t, New(Options{Threads: 1, ISA: isa, poison: true}), n, p, samples, order)
		for name, w := range want.Sums {
			if g := got.Sums[name]; math.Abs(g-w) > 1e-4*math.Max(1, math.Abs(w)) {
				t.Errorf("seed %d: sum %s: got %v, want %v\n%v", seed, name, g, w, p)
			}
		}
		compare(t, fmt.Sprintf("seed %d", seed), gotState, wantState, 2e-5)
		if t.Failed() {
			t.Fatalf("program:\n%v", p)
		}
	}
}

func compare(t *testing.T, what string, got, want []float32, tolerance float64) {
	t.Helper()
	largest := 0.0
	for _, v := range want {
		largest = math.Max(largest, math.Abs(float64(v)))
	}
	for i := range want {
		if d := math.Abs(float64(got[i]) - float64(want[i])); !(d <= tolerance*largest) {
			t.Fatalf("%s: element %d: got %v, want %v", what, i, got[i], want[i])
		}
	}
}

func TestThreadsAndCutsChangeNoBit(t *testing.T) {
	for _, isa := range []kernel.ISA{kernel.Available()[0], kernel.Portable} {
		t.Run(string(isa), func(t *testing.T) { threadsAndCutsChangeNoBit(t, isa) })
	}
}

func threadsAndCutsChangeNoBit(t *testing.T, isa kernel.ISA) {
	for seed := range uint64(7) {
		n, p, samples, order := draw(t, seed)
		wantReport, want := run(t, New(Options{Threads: 1, ISA: isa}), n, p, samples, order)
		cut := p.Batch()
		for _, threads := range []int{2, 3, 8} {
			report, got := run(t, New(Options{Threads: threads, ISA: isa, forced: true, poison: true}), n, p, samples, order)
			equal(t, fmt.Sprintf("seed %d, %d threads", seed, threads), got, want)
			if report.Sums["losses"] != wantReport.Sums["losses"] {
				t.Errorf("seed %d, %d threads: losses %v, want %v", seed, threads, report.Sums["losses"], wantReport.Sums["losses"])
			}
		}
		_, got := run(t, New(Options{Threads: 2, ISA: isa, forced: true}), n, p, samples, order[:cut], order[cut:])
		equal(t, fmt.Sprintf("seed %d, cut in two", seed), got, want)
	}
}

func equal(t *testing.T, what string, got, want []float32) {
	t.Helper()
	for i := range want {
		if math.Float32bits(got[i]) != math.Float32bits(want[i]) {
			t.Fatalf("%s: element %d: got %v, want %v, bit for bit", what, i, got[i], want[i])
		}
	}
}
