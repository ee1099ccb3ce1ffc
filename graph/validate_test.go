package graph_test

import (
	"testing"

	"gradus/graph"
	"gradus/op"
)

// Each fault makes a valid program invalid, and is told from the others.
func TestValidateRefuses(t *testing.T) {
	for _, test := range []struct {
		name  string
		fault func(p *graph.Program)
		want  string
	}{
		{"dtype", func(p *graph.Program) { p.Values[0].DType = "float16" },
			`value %0: expected dtype float32, uint8 or int32, got "float16"`},
		{"dimension", func(p *graph.Program) { p.Values[2].Shape[1] = -2 }, "value %2: expected dimensions >= 0, got [3 -2]"},
		{"size", func(p *graph.Program) { p.Values[2].Shape = graph.Shape{1 << 40, 1 << 40} },
			"value %2: expected at most 9223372036854775807 elements, got [1099511627776 1099511627776]"},
		{"batched scalar", func(p *graph.Program) { p.Values[0].Batched = true },
			"value %0: expected a batched value to have a batch dimension, got a scalar"},
		{"sample without batch", func(p *graph.Program) { p.Values[2].Batched = false },
			"input x: expected a batch dimension for feed sample, got float32[3 2]"},
		{"two batches", func(p *graph.Program) { p.Values[6].Shape = graph.Shape{4} },
			"input labels: expected 3 samples as input x has, got 4"},
		{"setting", func(p *graph.Program) { p.Inputs[0].Feed = graph.Setting },
			"input x: expected a float32 scalar for feed setting, got float32[3* 2]"},
		{"feed", func(p *graph.Program) { p.Inputs[0].Feed = "stream" },
			`input x: expected feed sample, setting, count or whole, got "stream"`},
		{"input of nothing", func(p *graph.Program) { p.Inputs[1].Value = 10 }, "input labels: expected a value below %10, got %10"},
		{"input of None", func(p *graph.Program) { p.Inputs[1].Value = graph.None }, "input labels: expected a value below %10, got %-1"},
		{"input twice", func(p *graph.Program) { p.Inputs = append(p.Inputs, p.Inputs[0]) },
			"input x: expected %2 to be defined once, got twice"},
		{"names of inputs", func(p *graph.Program) { p.Inputs[1].Name = "x" }, "input x: expected once, got twice"},
		{"names of states", func(p *graph.Program) { p.States[1].Name = p.States[0].Name }, "state 0.weight: expected once, got twice"},
		{"names of outputs", func(p *graph.Program) { p.Outputs[1].Name = "loss" }, "output loss: expected once, got twice"},
		{"two definitions", func(p *graph.Program) { p.Nodes[1].Out = 3 }, "node 1 (relu): expected %3 to be defined once, got twice"},
		{"order", func(p *graph.Program) { p.Nodes[0], p.Nodes[1] = p.Nodes[1], p.Nodes[0] },
			"node 0 (relu): expected a value defined before, got %3"},
		{"no operation", func(p *graph.Program) { p.Nodes[1].Op = nil }, "node 1: expected an operation, got none"},
		{"operands", func(p *graph.Program) { p.Nodes[1].In = nil }, "node 1 (relu): relu: expected 1 operand, got 0"},
		{"result", func(p *graph.Program) { p.Nodes[1].Op, p.Nodes[1].In = op.SumOp{}, []graph.ID{3} },
			"node 1 (sum): expected result float32[], got float32[3* 2]"},
		{"undefined value", func(p *graph.Program) { p.Values = append(p.Values, scalar()) }, "value %10: expected a definition, got none"},
		{"type of a state", func(p *graph.Program) { p.States[0].Out = 5 }, "state 0.weight: expected to keep its type"},
		{"state after nothing", func(p *graph.Program) { p.States[0].Out = graph.None }, "state 0.weight: expected a value defined before, got %-1"},
		{"output of nothing", func(p *graph.Program) { p.Outputs[0].Value = 99 }, "output loss: expected a value defined before, got %99"},
		{"guard", func(p *graph.Program) { p.Guard = 5 }, "guard: expected a scalar"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := record(t, layers())
			test.fault(p)
			if err := p.Validate(); err == nil || err.Error() != "program: "+test.want {
				t.Errorf("expected program: %s\ngot %v", test.want, err)
			}
		})
	}
}
