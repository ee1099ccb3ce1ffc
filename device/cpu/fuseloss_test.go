package cpu

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// lossProgram is losses of logits and the gradient of something made of them.
func lossProgram(t *testing.T, n, classes int, gradient func(b *graph.Builder, logits, losses, valid *graph.Value) *graph.Value) *graph.Program {
	return trace(t, func(b *graph.Builder) {
		logits := b.Input("logits", graph.Sample, batch(n, classes))
		labels := b.Input("labels", graph.Sample, graph.Type{DType: graph.Int32, Shape: graph.Shape{n}, Batched: true})
		valid := b.Input("valid", graph.Count, float())
		losses := op.CrossEntropyLosses(logits, labels)
		b.Output("losses", losses, true)
		b.Output("gradient", gradient(b, logits, losses, valid), false)
	})
}

// TestLossesAndGradientsTogether wants the bits of each by itself, of all batches and
// numbers of samples that count, and no fusion where the gradient wants the losses.
func TestLossesAndGradientsTogether(t *testing.T) {
	const classes = 10
	for _, c := range []struct {
		name     string
		gradient func(b *graph.Builder, logits, losses, valid *graph.Value) *graph.Value
		fused    bool
	}{
		{"mean of those that count", func(b *graph.Builder, logits, losses, valid *graph.Value) *graph.Value {
			return b.Gradients(op.BatchMean(losses, valid), b.Input("share", graph.Whole, float()), logits)[0]
		}, true},
		{"mean of all", func(b *graph.Builder, logits, losses, _ *graph.Value) *graph.Value {
			return b.Gradients(op.BatchMean(losses, nil), b.Input("share", graph.Whole, float()), logits)[0]
		}, true},
		{"given gradient", func(b *graph.Builder, logits, losses, _ *graph.Value) *graph.Value {
			return b.Gradients(losses, b.Input("dlosses", graph.Sample, losses.Type()), logits)[0]
		}, true},
		{"squares", func(b *graph.Builder, logits, losses, valid *graph.Value) *graph.Value {
			return b.Gradients(op.BatchMean(op.Mul(losses, losses), valid), b.Input("share", graph.Whole, float()), logits)[0]
		}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, n := range []int{1, 16, 17, 63, 150} {
				p := lossProgram(t, n, classes, c.gradient)
				inputs := map[string]device.Data{"logits": {Float32: ramp(n * classes)}, "labels": {Int32: make([]int32, n)}, "dlosses": {Float32: ramp(n)}, "share": {Float32: []float32{1}}}
				for i := range n {
					inputs["labels"].Int32[i] = int32(i * 3 % classes)
				}
				maps.DeleteFunc(inputs, func(name string, _ device.Data) bool {
					return !slices.ContainsFunc(p.Inputs, func(in graph.Input) bool { return in.Name == name })
				})
				for _, isa := range kernel.Available() {
					for _, valid := range []int{n, n / 2, 0} {
						nodes := fusedAsNot(t, fmt.Sprintf("%s, batch %d, %d valid", isa, n, valid), isa, p, inputs, device.Settings{"valid": float32(valid)})
						fused := slices.ContainsFunc(nodes, func(n device.NodePlan) bool { return n.Kernel == crossEntropyOp{}.Name() })
						if fused != c.fused {
							t.Fatalf("batch %d: expected fused %v, got %v", n, c.fused, fused)
						}
					}
				}
			}
		})
	}
}
