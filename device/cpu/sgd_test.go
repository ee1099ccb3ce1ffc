package cpu

import (
	"slices"
	"testing"

	"gradus/device"
	"gradus/graph"
	"gradus/optim"
)

// TestUpdatesAreOneCall checks what the update of random networks has become: one
// operation, and one call on memory that holds all parameters, but where a gradient is
// not simply a sum over the batch.
func TestUpdatesAreOneCall(t *testing.T) {
	momenta := map[bool]bool{}
	for seed := range uint64(10) {
		n, p, _, _ := draw(t, seed)
		parameters, err := graph.Parameters(n)
		if err != nil {
			t.Fatal(err)
		}
		e, err := New(Options{Threads: 1}).Compile(device.NewState(parameters), map[string]*graph.Program{"train": p})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		r := e.(*exec).runners["train"]
		var updates []job
		for _, ph := range r.phases {
			updates = append(updates, ph.updates...)
		}
		if len(updates) != 1 {
			t.Fatalf("seed %d: expected one operation, got %d", seed, len(updates))
		}
		in, c := updates[0].st.in, updates[0].c
		o := r.plan.program.Nodes[updates[0].st.node].Op.(sgdOp)
		operands, results := o.each()
		momenta[o.momentum] = true
		last := operands - 1 // the gradient
		calls, floats := 0, 0
		summed := func(i int) bool { return i >= 0 && r.plan.sumOf[in[i*operands+last]] != nil }
		for i := range parameters {
			size := func(i int) int { return r.plan.size[in[i*operands]] }
			floats += size(i)
			if summed(i) && summed(i-1) {
				floats += roundUp(size(i-1)) - size(i-1) // what lies between them
			} else {
				calls++
			}
		}
		numbers := c.in[:len(c.in)-updates[0].st.scalars]
		if got := len(numbers) / operands; got != calls {
			t.Errorf("seed %d: expected %d calls for %d parameters, got %d", seed, calls, len(parameters), got)
		}
		for i := 0; i < len(numbers); i += operands {
			w := c.in[i+last-1]
			for k := range results {
				x, y := c.in[i+k], c.result(i/operands*results+k)
				if len(x) != len(w) || len(y) != len(w) || &x[0] != &y[0] {
					t.Errorf("seed %d: expected as many velocities as parameters, and an update in place", seed)
				}
			}
			if len(c.in[i+last]) != len(w) {
				t.Errorf("seed %d: expected as many gradients as parameters", seed)
			}
			floats -= len(w)
		}
		if floats != 0 {
			t.Errorf("seed %d: the update leaves out %d numbers", seed, floats)
		}
	}
	if len(momenta) != 2 {
		t.Error("expected updates with momentum and without")
	}
}

// TestUpdatesThatStayApart checks what is not made at once with the others.
func TestUpdatesThatStayApart(t *testing.T) {
	_, p, _, _ := draw(t, 5)
	all := findUpdates(p)
	if len(all) != len(p.States)/2 || len(all) < 4 {
		t.Fatalf("expected the updates of %d states, got %d", len(p.States), len(all))
	}
	one := all[1]
	velocity, step := p.Nodes[one.velocity], p.Nodes[one.step]
	for _, c := range []struct {
		name   string
		change func(q *graph.Program)
	}{
		{"another learning rate", func(q *graph.Program) { q.Nodes[one.step].In = []graph.ID{step.In[0], step.In[1], velocity.In[2]} }},
		{"another momentum", func(q *graph.Program) {
			q.Nodes[one.velocity].In = []graph.ID{velocity.In[0], velocity.In[1], step.In[2]}
		}},
		{"a velocity somebody reads", func(q *graph.Program) {
			q.Nodes = append(q.Nodes, graph.Node{Op: optim.SGDStepOp{}, In: []graph.ID{step.In[0], velocity.Out, step.In[2]}, Out: step.In[0]})
		}},
		{"a parameter somebody reads", func(q *graph.Program) {
			q.Nodes = append(q.Nodes, graph.Node{Op: optim.SGDStepOp{}, In: []graph.ID{step.Out, step.Out, step.In[2]}, Out: step.In[0]})
		}},
		{"a gradient that is a state", func(q *graph.Program) {
			q.Nodes[one.velocity].In = []graph.ID{velocity.In[0], step.In[0], velocity.In[2]}
		}},
		{"a velocity that is no state", func(q *graph.Program) {
			q.States = slices.DeleteFunc(q.States, func(s graph.State) bool { return s.In == velocity.In[0] })
		}},
		{"the sum of a parameter and another's velocity", func(q *graph.Program) {
			q.Nodes[one.step].In = []graph.ID{p.Nodes[all[2].step].In[0], step.In[1], step.In[2]}
		}},
	} {
		q := *p
		q.Nodes, q.States = slices.Clone(p.Nodes), slices.Clone(p.States)
		c.change(&q)
		got := findUpdates(&q)
		if len(got) != len(all)-1 || slices.Contains(got, one) {
			t.Errorf("%s: expected all updates but one, got %d of %d", c.name, len(got), len(all))
		}
	}
}

// TestNothingLiesBetween checks that what an update goes over besides parameters stays
// 0, with one chunk and with several.
func TestNothingLiesBetween(t *testing.T) {
	checked := 0
	for seed := range uint64(10) {
		n, p, samples, order := draw(t, seed)
		parameters, err := graph.Parameters(n)
		if err != nil {
			t.Fatal(err)
		}
		e, err := New(Options{Threads: 3, forced: true, poison: true}).Compile(device.NewState(parameters), map[string]*graph.Program{"train": p})
		if err != nil {
			t.Fatal(err)
		}
		defer e.Close()
		if _, err := steps(e, "train", samples, order, device.Settings{"learning_rate": 0.05, "momentum": 0.5}); err != nil {
			t.Fatal(err)
		}
		r := e.(*exec).runners["train"]
		for _, ph := range r.phases {
			for _, j := range ph.updates {
				for i, id := range j.st.in[:len(j.st.in)-j.st.scalars] {
					x := r.complete(id)
					if operands, _ := r.plan.program.Nodes[j.st.node].Op.(sgdOp).each(); i%operands == operands-1 && r.plan.sumOf[id] == nil {
						continue // of no stretch
					}
					if cap(x) < roundUp(len(x)) {
						continue // the last
					}
					for _, v := range x[len(x):roundUp(len(x))] {
						checked++
						if v != 0 {
							t.Fatalf("seed %d: found %v behind operand %d of the update", seed, v, i)
						}
					}
				}
			}
		}
	}
	if checked == 0 {
		t.Error("no parameter is followed by anything")
	}
}
