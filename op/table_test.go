package op_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"testing"

	"gradus/graph"
	"gradus/internal/optest"
	"gradus/op"
	"gradus/random"
)

func TestOperations(t *testing.T) {
	seen := map[string]bool{}
	for _, o := range op.Operations() {
		if !regexp.MustCompile(`^[a-z]+(_?[a-z0-9]+)*$`).MatchString(o.Name()) {
			t.Errorf("expected lower-case words, got %q", o.Name())
		}
		if seen[o.Name()] {
			t.Errorf("%s: expected once, got twice", o.Name())
		}
		seen[o.Name()] = true
	}
}

// Every operation has cases that contain it.
func TestEveryOperationHasCases(t *testing.T) {
	for name := range graph.NewTable(op.Operations()) {
		count := 0
		for _, c := range optest.Cases(name, random.New(1, name)) {
			p, err := c.Program(true)
			if err != nil {
				t.Fatalf("%s: %v", c.Name, err)
			}
			if slices.ContainsFunc(p.Nodes, func(n graph.Node) bool { return n.Op.Name() == name }) {
				count++
			}
		}
		if count < 20 {
			t.Errorf("%s: expected at least 20 cases with it, got %d", name, count)
		}
	}
}

// What the cases compute are valid programs that survive JSON.
func TestJSON(t *testing.T) {
	eachCase(t, optest.Cases, func(t *testing.T, name string, c optest.Case) {
		p, err := c.Program(true)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		q, err := graph.Decode(text, graph.NewTable(op.Operations()))
		if err != nil {
			t.Fatalf("%s: %v", c.Name, err)
		}
		if diff := p.Diff(q); diff != "" {
			t.Fatalf("%s: %s", c.Name, diff)
		}
	})
}
