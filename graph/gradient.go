package graph

import "slices"

// Gradients records the reverse pass of y: the gradient of sum(y*seed) with
// respect to each of wrt, nil for those y does not depend on. It knows no
// operation; rules come with the operations.
func (b *Builder) Gradients(y, seed *Value, wrt ...*Value) []*Value {
	if !seed.typ.Equal(y.typ) {
		panic(b.locate(&Error{Want: "a seed of type " + y.typ.String(), Got: seed.typ.String()}))
	}
	need := make([]bool, len(b.values))
	for _, v := range wrt {
		need[v.id] = true
	}
	nodes := b.program.Nodes
	through := make([]bool, len(nodes)) // nodes with an operand that is needed
	for i, n := range nodes {
		through[i] = slices.ContainsFunc(n.In, func(id ID) bool { return need[id] })
		need[n.Out] = need[n.Out] || through[i]
	}

	b.backward = true
	defer func(s []scope) { b.backward, b.scopes = false, s }(b.scopes)
	uses := make([][]*Value, len(b.values)) // gradients met so far, per value
	uses[y.id] = []*Value{seed}
	for i := len(nodes) - 1; i >= 0; i-- {
		n := nodes[i]
		if len(uses[n.Out]) > 0 && through[i] {
			b.scopes = []scope{{path: n.Path}}
			for j, g := range b.rule(n, b.total(uses, n.Out), need) {
				if g != nil && need[n.In[j]] {
					uses[n.In[j]] = append(uses[n.In[j]], g)
				}
			}
		}
	}

	grads := make([]*Value, len(wrt))
	for i, v := range wrt {
		b.scopes = nil
		if len(uses[v.id]) > 0 {
			grads[i] = b.total(uses, v.id)
		}
	}
	return grads
}

// total is the sum of the gradients of one value.
func (b *Builder) total(uses [][]*Value, id ID) *Value {
	if len(uses[id]) > 1 {
		uses[id] = []*Value{b.apply(AccumulateOp{}, uses[id])}
	}
	return uses[id][0]
}

// rule applies the gradient rule of node n.
func (b *Builder) rule(n Node, grad *Value, need []bool) []*Value {
	op, ok := n.Op.(Differentiable)
	if !ok {
		panic(b.locate(&Error{
			Op: n.Op.Name(), Want: "an operation with a gradient", Got: "one without",
			Fix: "the loss must not depend on parameters through it",
		}))
	}
	g := NodeGradient{Out: b.values[n.Out], Grad: grad}
	for _, id := range n.In {
		g.In, g.Need = append(g.In, b.values[id]), append(g.Need, need[id])
	}
	return op.Gradient(g)
}

// GradientName is the name of the output that holds the gradient of a state.
func GradientName(state string) string { return "gradient/" + state }

// Differentiate appends to p the gradient of the scalar output named loss with
// respect to every state. The gradient of a state s becomes the output
// GradientName(s). It is an error when the loss does not depend on a state: a
// parameter that is never trained is a mistake, not a silence.
func Differentiate(p *Program, loss string) (*Program, error) {
	return Edit(p, func(b *Builder) {
		out, ok := p.Output(loss)
		if !ok {
			panic(&Error{Want: "an output named " + loss, Got: "none"})
		}
		y := b.Value(out.Value)
		if len(y.Shape()) != 0 {
			panic(&Error{Want: "a scalar loss", Got: y.Type().String(), Fix: "reduce it to one number, for instance to its mean"})
		}
		var wrt []*Value
		for _, s := range p.States {
			wrt = append(wrt, b.Value(s.In))
		}
		for i, g := range b.Gradients(y, b.Constant(1, y.Type()), wrt...) {
			if g == nil {
				panic(&Error{
					Path: p.States[i].Name, Want: "a parameter the loss depends on", Got: "one it does not",
					Fix: "use it in Forward, or do not declare it",
				})
			}
			b.Output(GradientName(p.States[i].Name), g, false)
		}
	})
}
