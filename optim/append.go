package optim

import (
	"gradus/graph"
	"gradus/op"
)

// Append makes a training program of p, which graph.Differentiate returned: it
// appends a guard and, by the rule, an update of every state that has a
// gradient. p is not changed.
//
// The guard counts the non-finite numbers in the outputs of p, the loss and all
// gradients among them; no state changes in a step that has any. Outputs per
// sample are left out: the samples that fill up the last batch do not count,
// and those that do are in the loss. All outputs stay, so that a device can
// name the gradient that was not finite.
//
// A state that has neither a gradient nor an update is an error: a parameter
// that silently stays what it was is a mistake.
func Append(p *graph.Program, rule Rule) (*graph.Program, error) {
	if err := rule.Check(); err != nil {
		return nil, err
	}
	return graph.Edit(p, func(b *graph.Builder) {
		var watched []*graph.Value
		for _, out := range p.Outputs {
			if v := b.Value(out.Value); v.Type().DType == graph.Float32 && !v.Type().Batched {
				watched = append(watched, v)
			}
		}
		if len(watched) == 0 {
			panic(&graph.Error{Want: "a differentiated program", Got: "one without a loss"})
		}
		if p.Guard != graph.None {
			panic(&graph.Error{Want: "a program without a guard", Got: "one with", Fix: "append one rule only"})
		}
		b.Guard(op.NonFiniteCount(watched...))
		for _, s := range p.States {
			update(b, p, rule, s)
		}
	})
}

func update(b *graph.Builder, p *graph.Program, rule Rule, s graph.State) {
	out, ok := p.Output(graph.GradientName(s.Name))
	switch {
	case ok:
		rule.Update(b, s.Name, b.Value(s.In), b.Value(out.Value))
	case s.Out == s.In:
		panic(&graph.Error{
			Path: s.Name, Want: "an output " + graph.GradientName(s.Name), Got: "none",
			Fix: "differentiate the program first",
		})
	}
}
