package cpu

import (
	"errors"
	"math"
	"runtime"
	"testing"
	"time"

	"gradus/device"
	"gradus/graph"
)

// steady compiles a random program and returns a function that runs it over so
// many samples.
func steady(t *testing.T, threads int) (walk func(count int), exec device.Exec) {
	n, p, samples, order := draw(t, 5)
	parameters, err := graph.Parameters(n)
	if err != nil {
		t.Fatal(err)
	}
	exec, err = New(Options{Threads: threads, forced: true}).Compile(device.NewState(parameters), map[string]*graph.Program{"train": p})
	if err != nil {
		t.Fatal(err)
	}
	settings := device.Settings{"learning_rate": 0.001, "momentum": 0.5}
	return func(count int) {
		long := make([]int32, 0, count*p.Batch())
		for len(long) < count*p.Batch() {
			long = append(long, order[:p.Batch()]...)
		}
		if _, err := steps(exec, "train", samples, long, settings); err != nil {
			t.Fatal(err)
		}
	}, exec
}

func TestStepsAllocateNothing(t *testing.T) {
	for _, threads := range []int{1, 2} {
		walk, exec := steady(t, threads)
		defer exec.Close()
		allocations := func(count int) uint64 {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			walk(count)
			runtime.ReadMemStats(&after)
			return after.Mallocs - before.Mallocs
		}
		allocations(10)
		few, many := allocations(10), allocations(510)
		if many > few+10 {
			t.Errorf("%d threads: 500 more steps made %d more allocations", threads, many-few)
		}
	}
}

func TestL05CloseEndsItsGoroutines(t *testing.T) {
	before := runtime.NumGoroutine()
	walk, exec := steady(t, 4)
	walk(3)
	if err := exec.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%d goroutines before, %d after Close", before, runtime.NumGoroutine())
		}
	}
	if _, err := steps(exec, "train", nil, nil, nil); err == nil {
		t.Error("a closed Exec ran")
	}
	if err := exec.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestGuardKeepsTheState(t *testing.T) {
	n, p, samples, order := draw(t, 3)
	parameters, err := graph.Parameters(n)
	if err != nil {
		t.Fatal(err)
	}
	state := device.NewState(parameters)
	exec, err := New(Options{Threads: 2}).Compile(state, map[string]*graph.Program{"train": p})
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Close()
	settings := device.Settings{"learning_rate": 0.05, "momentum": 0.5}
	batch := p.Batch()
	if _, err := steps(exec, "train", samples, order[:batch], settings); err != nil {
		t.Fatal(err)
	}
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	var want []float32
	for _, s := range state.Tensors() {
		want = append(want, s.Tensor.Data...)
	}

	// A label that does not exist makes the third step's loss NaN.
	samples["labels"].Int32[order[2*batch]] = 99
	order = append(order[batch:2*batch:2*batch], order[2*batch:]...)
	report, err := steps(exec, "train", samples, order[:batch], settings)
	if err != nil || report.Steps != 1 {
		t.Fatalf("the good step: %v, %d steps", err, report.Steps)
	}
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	want = want[:0]
	for _, s := range state.Tensors() {
		want = append(want, s.Tensor.Data...)
	}
	_, err = steps(exec, "train", samples, order[batch:], settings)
	nonFinite, ok := errors.AsType[*device.NonFiniteError](err)
	if !ok || nonFinite.Step != 0 || nonFinite.Value != "loss" || nonFinite.Index != -1 || !math.IsNaN(nonFinite.Got) {
		t.Fatalf("got %v, want step 0: NaN in loss", err)
	}
	if err := exec.Sync(); err != nil {
		t.Fatal(err)
	}
	var got []float32
	for _, s := range state.Tensors() {
		got = append(got, s.Tensor.Data...)
	}
	equal(t, "state after a refused step", got, want)
}

// steps runs a program and returns what this call alone added up to.
func steps(e device.Exec, program string, samples device.Samples, order []int32, settings device.Settings) (device.Report, error) {
	var r device.Report
	err := e.Steps(program, samples, order, settings, &r)
	return r, err
}
