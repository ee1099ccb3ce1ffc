package cpu

import (
	"slices"

	"gradus/graph"
	"gradus/op"
)

// Fusion replaces operations by ones of this package that do the work of
// several while a value is still in a register. It changes no bit: what is
// fused is computed by the same instructions in the same order.

// mulSum is a product of two values of one type that is summed: the gradient of a
// number that many were multiplied by.
type mulSum struct{ op.SumOp }

// Name is "mul+sum".
func (mulSum) Name() string { return "mul+sum" }

// Infer wants two operands of one type, and what the sum wants of their product.
func (f mulSum) Infer(in []graph.Type) (graph.Type, error) {
	t, err := op.MulOp{}.Infer(in)
	if err != nil {
		return t, err
	}
	return f.SumOp.Infer([]graph.Type{t})
}

// Reference is the two operations' references.
func (f mulSum) Reference(in []graph.Array, out graph.Array) {
	product := graph.Array{Shape: in[0].Shape, Data: make([]float64, len(in[0].Data))}
	op.MulOp{}.Reference(in, product)
	f.SumOp.Reference([]graph.Array{product}, out)
}

// fuse returns a program that computes the same with fewer operations. Values
// keep their numbers; those that are no longer made have no reader either.
// scaled are the inputs, by index, that are scaled while they are gathered: their
// value is the result of that.
// origin is the index in p of each of q's operations, of fused ones that of the
// one that does most of the work.
func fuse(p *graph.Program) (q *graph.Program, scaled map[int]op.AffineOp, origin []int) {
	q = &graph.Program{
		Values: p.Values, Inputs: slices.Clone(p.Inputs), States: p.States,
		Nodes: slices.Clone(p.Nodes), Outputs: p.Outputs, Guard: p.Guard,
	}
	scaled = map[int]op.AffineOp{}
	readers, maker := make([]int, len(p.Values)), makers(p)
	for _, n := range p.Nodes {
		for _, id := range n.In {
			readers[id]++
		}
	}
	read := outside(p)
	shown := func(id graph.ID) bool { // a value somebody outside reads
		_, ok := slices.BinarySearch(read, id)
		return ok
	}
	dropped, of := make([]bool, len(p.Nodes)), make([]int, len(p.Nodes))
	for i, n := range p.Nodes {
		of[i] = i
		last := len(n.In) - 1
		if last < 0 {
			continue
		}
		from := n.In[last] // what may be fused into n
		m := maker[from]
		if readers[from] != 1 || shown(from) {
			continue
		}
		if m < 0 {
			input := slices.IndexFunc(p.Inputs, func(in graph.Input) bool { return in.Value == from })
			if o, ok := n.Op.(op.AffineOp); ok && input >= 0 && p.Inputs[input].Feed == graph.Sample {
				scaled[input], q.Inputs[input].Value, dropped[i] = o, n.Out, true
			}
			continue
		}
		before := q.Nodes[m]
		switch n.Op.(type) {
		case op.ReLUOp:
			if o, ok := before.Op.(op.Conv2dOp); ok {
				q.Nodes[i].Op, q.Nodes[i].In, dropped[m] = conv2dEnding{Conv2dOp: o, relu: true}, before.In, true
				of[i] = m
			}
		case op.SumOp:
			if _, ok := before.Op.(op.MulOp); ok && sameBatched(p, before.In) {
				q.Nodes[i].Op, q.Nodes[i].In, dropped[m] = mulSum{n.Op.(op.SumOp)}, before.In, true
			}
		case op.ReLUGradientOp:
			if o, ok := before.Op.(op.Conv2dDataGradientOp); ok {
				q.Nodes[i].Op, dropped[m] = conv2dDataEnding{Conv2dDataGradientOp: o, gate: true}, true
				of[i] = m
				q.Nodes[i].In = []graph.ID{before.In[0], before.In[1], n.In[0]}
			}
		}
	}
	kept := q.Nodes[:0]
	for i, n := range q.Nodes {
		if !dropped[i] {
			kept, origin = append(kept, n), append(origin, of[i])
		}
	}
	q.Nodes = kept
	q, origin = joinConvolutions(q, origin)
	q, origin = chains(q, origin)
	q, origin = gateLinears(q, origin)
	q, origin = updates(q, origin)
	return q, scaled, origin
}

// sameBatched reports whether values have one type, with a batch.
func sameBatched(p *graph.Program, ids []graph.ID) bool {
	first := p.Values[ids[0]]
	return first.Batched && !slices.ContainsFunc(ids, func(id graph.ID) bool { return !p.Values[id].Equal(first) })
}

// outside lists the values that are read by others than nodes, sorted.
func outside(p *graph.Program) []graph.ID {
	list := []graph.ID{p.Guard}
	for _, o := range p.Outputs {
		list = append(list, o.Value)
	}
	for _, s := range p.States {
		list = append(list, s.Out)
	}
	slices.Sort(list)
	return list
}
