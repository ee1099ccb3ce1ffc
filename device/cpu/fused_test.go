package cpu

import (
	"fmt"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/internal/kernel"
)

// fusedAsNot wants the bits of a program in which nothing is fused or in place of
// something else. It returns the operations of the program in which things are.
func fusedAsNot(t *testing.T, what string, isa kernel.ISA, p *graph.Program, inputs map[string]device.Data, settings device.Settings) []device.NodePlan {
	t.Helper()
	call := func(o Options) (results map[string][]float32, nodes []device.NodePlan) {
		exec, err := New(o).Compile(device.NewState(nil), map[string]*graph.Program{"p": p})
		if err != nil {
			t.Fatal(err)
		}
		defer exec.Close()
		if results, err = exec.Call("p", inputs, settings); err != nil {
			t.Fatal(err)
		}
		if nodes, err = exec.Describe("p"); err != nil {
			t.Fatal(err)
		}
		return results, nodes
	}
	got, nodes := call(Options{Threads: 2, ISA: isa, poison: true})
	want, _ := call(Options{Threads: 1, ISA: isa, unfused: true})
	for name := range want {
		equal(t, fmt.Sprintf("%s, %s", what, name), got[name], want[name])
	}
	return nodes
}
