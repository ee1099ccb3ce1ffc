package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
	"gradus/random"
)

// TestPartsShareScratchMemory trains a network whose only chunk is cut into parts
// that need scratch memory: the bits are those of one thread.
func TestPartsShareScratchMemory(t *testing.T) {
	const batch, h, w, classes = 16, 12, 13, 4
	r := random.New(1, "parts")
	n := &network{}
	channels := 1
	for _, out := range []int{16, 48} {
		i, b := n.parameter(r, out, channels, 3, 3), n.parameter(r, out)
		n.steps = append(n.steps, func(n *network, x *graph.Value) *graph.Value {
			return op.ReLU(op.Conv2d(x, x.Param(n.Weights[i]), x.Param(n.Weights[b]), op.Conv2dOptions{Padding: op.Pad(1)}))
		})
		channels = out
	}
	i, b := n.parameter(r, classes, channels*h*w), n.parameter(r, classes)
	n.steps = append(n.steps, func(n *network, x *graph.Value) *graph.Value {
		return op.Linear(op.Flatten(x), x.Param(n.Weights[i]), x.Param(n.Weights[b]))
	})
	p := n.trainingProgram(t, 0.5, batch, 1, h, w)
	samples := device.Samples{"x": {Uint8: make([]uint8, batch*h*w)}, "labels": {Int32: make([]int32, batch)}}
	for i := range samples["x"].Uint8 {
		samples["x"].Uint8[i] = uint8(r.IntN(256))
	}
	order := make([]int32, batch)
	for i := range order {
		order[i], samples["labels"].Int32[i] = int32(i), int32(r.IntN(classes))
	}
	for _, isa := range kernel.Available() {
		if isa == kernel.Portable {
			continue // needs no scratch memory
		}
		pl, err := newPlan(p, Options{Threads: 2, ISA: isa, forced: true})
		if err != nil {
			t.Fatal(err)
		}
		cut := false
		for _, ph := range pl.phases {
			for _, st := range ph.chunked {
				cut = cut || st.kernel == "conv2d_weight_gradient" && st.parts > 1 && st.scratch > 0
			}
		}
		if !cut {
			t.Fatalf("%s: expected a gradient in parts with scratch memory", isa)
		}
		_, want := run(t, New(Options{Threads: 1, ISA: isa, poison: true}), n, p, samples, order, order)
		for _, threads := range []int{2, 3, 8} {
			_, got := run(t, New(Options{Threads: threads, ISA: isa, forced: true, poison: true}), n, p, samples, order, order)
			equal(t, fmt.Sprintf("%s, %d threads", isa, threads), got, want)
		}
	}
}
