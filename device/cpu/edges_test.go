package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// both compiles a program on the CPU and on the reference.
func both(t *testing.T, isa kernel.ISA, p *graph.Program) (states [2]*device.State, execs [2]device.Exec) {
	t.Helper()
	for i, d := range []device.Device{New(Options{Threads: 2, ISA: isa, poison: true}), reference.New()} {
		states[i] = device.NewState(nil)
		exec, err := d.Compile(states[i], map[string]*graph.Program{"p": p})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { exec.Close() })
		execs[i] = exec
	}
	return states, execs
}

func trace(t *testing.T, f func(b *graph.Builder)) *graph.Program {
	t.Helper()
	p, err := graph.Trace(nil, graph.Training, f)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func float(shape ...int) graph.Type {
	return graph.Type{DType: graph.Float32, Shape: append(graph.Shape{}, shape...)}
}

func batch(shape ...int) graph.Type {
	t := float(shape...)
	t.Batched = true
	return t
}

// TestSpareLanesCountForNothing sums values that are not zero in lanes without
// a sample, and differentiates such sums.
func TestSpareLanesCountForNothing(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		for _, n := range []int{1, 5, 16, 17, 40, 70} {
			p := trace(t, func(b *graph.Builder) {
				x := b.Input("x", graph.Sample, batch(n, 2, 3, 3))
				w := b.Input("w", graph.Whole, float(3, 2, 3, 3))
				v := b.Input("v", graph.Whole, float(4, 27))
				y := op.Conv2d(op.Affine(x, 2, -3), w, nil, op.Conv2dOptions{Padding: op.Pad(1)})
				z := op.Linear(op.Flatten(op.Affine(y, 1, 1)), v, nil)
				total := op.TotalSum(z)
				b.Output("total", total, false)
				b.Output("channels", op.ChannelSum(op.Affine(x, 0, 1)), false)
				grads := b.Gradients(total, b.Constant(1, total.Type()), w, v)
				b.Output("gradient/w", grads[0], false)
				b.Output("gradient/v", grads[1], false)
			})
			inputs := map[string]device.Data{
				"x": {Float32: ramp(n * 18)}, "w": {Float32: ramp(54)}, "v": {Float32: ramp(108)},
			}
			_, execs := both(t, isa, p)
			got, err := execs[0].Call("p", inputs, nil)
			if err != nil {
				t.Fatal(err)
			}
			want, err := execs[1].Call("p", inputs, nil)
			if err != nil {
				t.Fatal(err)
			}
			for name := range want {
				compare(t, fmt.Sprintf("batch %d: %s", n, name), got[name], want[name], 1e-5)
			}
		}
	})
}

// ramp is small numbers that repeat.
func ramp(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i*7%11) - 5
	}
	return x
}

// TestGuardsOfAllKinds refuses updates whatever makes the guard: a sum over the
// batch, a setting, a state.
func TestGuardsOfAllKinds(t *testing.T) {
	for name, guard := range map[string]func(b *graph.Builder, x, w *graph.Value) *graph.Value{
		"sum":     func(_ *graph.Builder, x, _ *graph.Value) *graph.Value { return op.TotalSum(x) },
		"setting": func(b *graph.Builder, _, _ *graph.Value) *graph.Value { return b.Setting("stop") },
		"state":   func(_ *graph.Builder, _, w *graph.Value) *graph.Value { return w },
		"plain":   func(b *graph.Builder, _, w *graph.Value) *graph.Value { return op.Add(w, b.Setting("stop")) },
	} {
		p := trace(t, func(b *graph.Builder) {
			x := b.Input("x", graph.Sample, batch(2, 3))
			w := b.State("w", float())
			b.Update("w", op.Add(w, op.TotalSum(x)))
			b.Guard(guard(b, x, w))
		})
		states, execs := both(t, kernel.Portable, p)
		for i, exec := range execs {
			states[i].Tensor("w").Data[0] = 2
			if err := exec.Load(); err != nil {
				t.Fatal(err)
			}
			_, err := steps(exec, "p", device.Samples{"x": {Float32: ramp(6)}}, []int32{0, 1}, device.Settings{"stop": 1})
			if err := exec.Sync(); err != nil {
				t.Fatal(err)
			}
			if err == nil || states[i].Tensor("w").Data[0] != 2 {
				t.Errorf("guard from a %s, device %d: state %v, %v", name, i, states[i].Tensor("w").Data, err)
			}
		}
	}
}

// TestOutputsShowTheStepTheyBelongTo reads a state's old value beside its new
// one.
func TestOutputsShowTheStepTheyBelongTo(t *testing.T) {
	p := trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batch(2, 3))
		w := b.State("w", float(3))
		next := op.Add(w, op.ChannelSum(x))
		b.Update("w", next)
		b.Output("before", w, false)
		b.Output("summed", w, true)
		b.Output("after", next, false)
	})
	_, execs := both(t, kernel.Portable, p)
	for round := range 3 {
		var outs [2]map[string][]float32
		for i, exec := range execs {
			var err error
			if outs[i], err = exec.Call("p", map[string]device.Data{"x": {Float32: ramp(6)}}, nil); err != nil {
				t.Fatal(err)
			}
		}
		for name, want := range outs[1] {
			equal(t, fmt.Sprintf("round %d: %s", round, name), outs[0][name], want)
		}
	}
	var reports [2]device.Report
	for i, exec := range execs {
		var err error
		if reports[i], err = steps(exec, "p", device.Samples{"x": {Float32: ramp(6)}}, []int32{0, 1, 1, 0}, nil); err != nil {
			t.Fatal(err)
		}
	}
	if reports[0].Sums["summed"] != reports[1].Sums["summed"] {
		t.Errorf("sums of old states: %v, want %v", reports[0].Sums, reports[1].Sums)
	}
}

// TestMemoryIsBounded refuses a plan no machine has room for.
func TestMemoryIsBounded(t *testing.T) {
	p := trace(t, func(b *graph.Builder) {
		x := b.Input("x", graph.Sample, batch(1<<16, 64, 100, 100))
		b.Output("y", op.Tanh(x), false)
	})
	if _, err := New(Options{Threads: 1}).Compile(device.NewState(nil), map[string]*graph.Program{"p": p}); err == nil {
		t.Error("a plan of 168 GB was accepted")
	}
}
