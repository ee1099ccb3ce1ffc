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
	"gradus/random"
)

// largeLinear is a network with a linear layer that is computed for the whole
// batch between others that are not: gradients of a relu and of a softmax reach
// it from behind, an affine function from before.
func largeLinear(t *testing.T, r *random.Stream, batch int) (*network, *graph.Program, device.Samples, []int32) {
	const in, hidden, classes = 12 * 13, 430, 5
	n := &network{}
	for _, size := range [][2]int{{in, hidden}, {hidden, classes}} {
		w, b := n.parameter(r, size[1], size[0]), n.parameter(r, size[1])
		n.steps = append(n.steps, func(n *network, x *graph.Value) *graph.Value {
			return op.Linear(op.Flatten(x), x.Param(n.Weights[w]), x.Param(n.Weights[b]))
		}, func(_ *network, x *graph.Value) *graph.Value { return op.ReLU(op.Affine(x, 0.5, 0.25)) })
	}
	if !kernel.NewDense(in, hidden, kernel.Portable).Large() || kernel.NewDense(hidden, classes, kernel.Portable).Large() {
		t.Fatal("expected a large layer and a small one")
	}
	count := 2*batch + batch/2
	samples := device.Samples{"x": {Uint8: make([]uint8, count*in)}, "labels": {Int32: make([]int32, count)}}
	for i := range samples["x"].Uint8 {
		samples["x"].Uint8[i] = uint8(r.IntN(256))
	}
	for i := range samples["labels"].Int32 {
		samples["labels"].Int32[i] = int32(r.IntN(classes))
	}
	order := make([]int32, count)
	r.Perm(order)
	return n, n.trainingProgram(t, 0.5, batch, 1, 12, 13), samples, order
}

// TestLargeLinearLayers trains with every instruction set and several numbers of
// threads: the numbers are the reference's, the bits those of one thread.
func TestLargeLinearLayers(t *testing.T) {
	for _, batch := range []int{1, 16, 40, 150} {
		n, p, samples, order := largeLinear(t, random.New(uint64(batch), "large"), batch)
		want, wantState := run(t, reference.New(), n, p, samples, order)
		var simd []float32
		for _, isa := range kernel.Available() {
			what := fmt.Sprintf("batch %d, %s", batch, isa)
			got, state := run(t, New(Options{Threads: 1, ISA: isa, poison: true}), n, p, samples, order)
			if g, w := got.Sums["losses"], want.Sums["losses"]; math.Abs(g-w) > 1e-4*math.Max(1, w) {
				t.Errorf("%s: losses %v, want %v", what, g, w)
			}
			compare(t, what, state, wantState, 2e-5)
			for _, threads := range []int{2, 3, 8} {
				_, many := run(t, New(Options{Threads: threads, ISA: isa, forced: true, poison: true}), n, p, samples, order)
				equal(t, fmt.Sprintf("%s, %d threads", what, threads), many, state)
			}
			if simd == nil {
				simd = state
			} else if isa != kernel.Portable {
				equal(t, what, state, simd)
			}
		}
	}
}

// TestLargeLinearLayersAreWhole wants one operation per pass and step.
func TestLargeLinearLayersAreWhole(t *testing.T) {
	n, p, samples, order := largeLinear(t, random.New(1, "large"), 40)
	profile := &Profile{}
	run(t, New(Options{Threads: 1, Profile: profile}), n, p, samples, order[:40])
	calls := map[string][]int{}
	for _, timing := range profile.Timings("train") {
		calls[timing.Kernel] = append(calls[timing.Kernel], timing.Calls)
	}
	for name, want := range map[string][]int{"linear": {1, 3}, "linear_weight_gradient": {3, 1}} {
		if got := fmt.Sprint(calls[name]); got != fmt.Sprint(want) {
			t.Errorf("%s: got %v calls, want %v", name, got, want)
		}
	}
}

// TestSpareLanesOfLargeLayersCountForNothing sums over lanes a gradient that is
// not zero where there is no sample.
func TestSpareLanesOfLargeLayersCountForNothing(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		const in, out = 260, 256
		for _, n := range []int{1, 17, 32} {
			p := trace(t, func(b *graph.Builder) {
				x, dy := b.Input("x", graph.Sample, batch(n, in)), b.Input("dy", graph.Sample, batch(n, out))
				w := b.Input("w", graph.Whole, float(out, in))
				y := op.Linear(op.Affine(x, 1, 2), w, nil)
				dw := b.Gradients(y, op.Affine(dy, 1, 1), w)
				b.Output("dw", dw[0], false)
			})
			inputs := map[string]device.Data{"x": {Float32: ramp(n * in)}, "dy": {Float32: ramp(n * out)}, "w": {Float32: ramp(in * out)}}
			_, execs := both(t, isa, p)
			got, err := execs[0].Call("p", inputs, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, err := execs[1].Call("p", inputs, nil)
			if err != nil {
				t.Fatal(err)
			}
			compare(t, fmt.Sprintf("batch %d", n), got["dw"], want["dw"], 1e-6)
		}
	})
}
