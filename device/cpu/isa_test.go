package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/device/reference"
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/optest"
	"gradus/internal/parity"
	"gradus/op"
	"gradus/random"
)

// eachISA runs a test with every instruction set this machine has.
func eachISA(t *testing.T, f func(t *testing.T, isa kernel.ISA)) {
	for _, isa := range kernel.Available() {
		t.Run(string(isa), func(t *testing.T) { f(t, isa) })
	}
}

// TestParity compares the kernels with PyTorch.
func TestParity(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		dev := New(Options{Threads: 2, ISA: isa, poison: true})
		t.Run("ops", func(t *testing.T) { parity.Ops(t, dev, parity.Float32) })
		t.Run("argmax", func(t *testing.T) { parity.Argmax(t, dev, parity.Float32) })
		t.Run("trajectories", func(t *testing.T) { parity.Trajectories(t, dev, parity.Float32) })
	})
}

// TestOutside runs other projects' test suites.
func TestOutside(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		dev := New(Options{Threads: 1, ISA: isa, poison: true})
		t.Run("onnx", func(t *testing.T) { parity.ONNX(t, dev, parity.Float32) })
		t.Run("webnn", func(t *testing.T) { parity.WebNN(t, dev, parity.Float32) })
		t.Run("literals", func(t *testing.T) { parity.Literals(t, dev, parity.Float32) })
	})
}

// TestL02L06Operations compares every operation and its gradients with the reference
// over the shared cases, batches of none included.
func TestL02L06Operations(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		dev := New(Options{Threads: 2, ISA: isa, poison: true})
		for _, o := range graph.NewTable(op.Operations()) {
			t.Run(o.Name(), func(t *testing.T) {
				r := random.New(1, o.Name())
				for _, c := range append(optest.Cases(o.Name(), r), optest.EmptyCases(o.Name(), r)...) {
					checkCase(t, dev, c)
				}
			})
		}
	})
}

func checkCase(t *testing.T, dev device.Device, c optest.Case) {
	t.Helper()
	compareCase(t, dev, c, func(_, want []float32) []float32 { return want })
}

// compareCase computes a case and its gradients on a device and by the reference;
// expect says what is wanted of the device where the reference has want.
func compareCase(t *testing.T, dev device.Device, c optest.Case, expect func(got, want []float32) []float32) {
	t.Helper()
	p, err := c.Program(true)
	if err != nil {
		t.Fatalf("%s: %v", c.Name, err)
	}
	inputs := map[string]device.Data{}
	for name, values := range c.Values(p) {
		in, _ := p.Input(name)
		inputs[name] = data(p.Values[in.Value].DType, values)
	}
	call := func(d device.Device) map[string][]float32 {
		exec, err := d.Compile(device.NewState(nil), map[string]*graph.Program{"case": p})
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		defer exec.Close()
		out, err := exec.Call("case", inputs, nil)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		return out
	}
	got := call(dev)
	for name, want := range call(reference.New()) {
		if err := c.Bound().Check(wide(got[name]), wide(expect(got[name], want))); err != nil {
			t.Errorf("%s: %s: %v", c.Name, name, err)
		}
	}
}

// data holds numbers as the given type.
func data(t graph.DType, values []float64) (d device.Data) {
	switch t {
	case graph.Uint8:
		d.Uint8 = narrow[uint8](values)
	case graph.Int32:
		d.Int32 = narrow[int32](values)
	default:
		d.Float32 = narrow[float32](values)
	}
	return d
}

func narrow[T kernel.Number](values []float64) []T {
	out := make([]T, len(values))
	for i, v := range values {
		out[i] = T(v)
	}
	return out
}

func wide(values []float32) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = float64(v)
	}
	return out
}

// TestInstructionSetsGiveTheSameBits trains random programs with every SIMD
// instruction set and with several numbers of threads.
func TestG12InstructionSetsGiveTheSameBits(t *testing.T) {
	available := kernel.Available()
	simd := available[:len(available)-1]
	if len(simd) == 0 {
		t.Skip("this machine has portable code only")
	}
	for seed := range uint64(25) {
		n, p, samples, order := draw(t, seed)
		_, want := run(t, New(Options{Threads: 1, ISA: simd[0]}), n, p, samples, order)
		for _, isa := range simd {
			for _, threads := range []int{1, 3} {
				_, got := run(t, New(Options{Threads: threads, ISA: isa, forced: true}), n, p, samples, order)
				equal(t, fmt.Sprintf("seed %d, %s, %d threads", seed, isa, threads), got, want)
			}
		}
	}
}

// TestFusionChangesNoBit trains random programs with and without it.
func TestFusionChangesNoBit(t *testing.T) {
	eachISA(t, func(t *testing.T, isa kernel.ISA) {
		fused := 0
		for seed := range uint64(40) {
			n, p, samples, order := draw(t, seed)
			q, scaled, _ := fuse(p)
			fused += len(p.Nodes) - len(q.Nodes) - len(scaled)
			_, got := run(t, New(Options{Threads: 1, ISA: isa, poison: true}), n, p, samples, order)
			_, want := run(t, New(Options{Threads: 1, ISA: isa, unfused: true}), n, p, samples, order)
			equal(t, fmt.Sprintf("seed %d", seed), got, want)
		}
		if fused == 0 {
			t.Error("nothing was fused")
		}
	})
}
