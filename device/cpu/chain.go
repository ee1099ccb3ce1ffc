package cpu

import (
	"fmt"
	"slices"

	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/internal/kernel/chain"
	"gradus/op"
)

// chainOp is several elementwise operations computed at once. Unlike other
// operations it may have several results.
type chainOp struct {
	chain *chain.Chain
	also  []graph.ID   // the results but for the first
	types []graph.Type // of the operands, then of the results
	// pad is what brings the images of the chain's small operand or result to
	// the others' size; nil where they have it.
	pad *op.Padding
}

// Name is what is fused.
func (o chainOp) Name() string {
	switch {
	case o.pad == nil:
		return o.chain.Title
	case o.chain.Small < o.chain.Inputs:
		return "pad2d+" + o.chain.Title
	}
	return o.chain.Title + "+pad2d"
}

// Infer wants the operands the chain was found with.
func (o chainOp) Infer(in []graph.Type) (graph.Type, error) {
	if !slices.EqualFunc(in, o.types[:o.chain.Inputs], graph.Type.Equal) {
		return graph.Type{}, &graph.Error{Want: fmt.Sprint(o.types[:o.chain.Inputs]), Got: fmt.Sprint(in)}
	}
	return o.types[o.chain.Inputs], nil
}

// Reference is the operations' references, one after the other.
func (o chainOp) Reference(in []graph.Array, out graph.Array) {
	c := o.chain
	values := slices.Clone(in)
	if o.pad != nil && c.Small < c.Inputs {
		values[c.Small] = graph.Array{Shape: out.Shape, Data: make([]float64, len(out.Data))}
		op.Pad2dOp{Padding: *o.pad}.Reference(in[c.Small:c.Small+1], values[c.Small])
	}
	for i, s := range c.Steps {
		y := out
		if i+1 < len(c.Steps) {
			y = graph.Array{Shape: out.Shape, Data: make([]float64, len(out.Data))}
		}
		operands := []graph.Array{values[s.A]}
		if s.Op.Operands() == 2 {
			operands = append(operands, values[s.B])
		}
		operationOf(s).Reference(operands, y)
		values = append(values, y)
	}
}

// operationOf is the operation a step stands for.
func operationOf(s chain.Step) graph.Operation {
	switch s.Op {
	case chain.Add:
		return op.AddOp{}
	case chain.Mul:
		return op.MulOp{}
	case chain.Less:
		return op.AffineOp{Scale: -1, Shift: s.Shift}
	case chain.ReLU:
		return op.ReLUOp{}
	case chain.ReLUGradient:
		return op.ReLUGradientOp{}
	case chain.Sigmoid:
		return op.SigmoidOp{}
	case chain.SigmoidGradient:
		return op.SigmoidGradientOp{}
	case chain.Tanh:
		return op.TanhOp{}
	case chain.TanhGradient:
		return op.TanhGradientOp{}
	}
	panic(fmt.Sprintf("cpu: a chain has the unknown operation %d", s.Op))
}

// outs lists a node's results.
func outs(n graph.Node) []graph.ID {
	var also []graph.ID
	switch o := n.Op.(type) {
	case chainOp:
		also = o.also
	case sgdOp:
		also = o.also
	case crossEntropyOp:
		also = []graph.ID{o.gradient}
	}
	return append([]graph.ID{n.Out}, also...)
}

// fused binds a chain.
func fused(o chainOp, isa kernel.ISA) (binding, bool) {
	c := o.chain
	big := o.types[c.Inputs]
	k := kernel.NewChain(c, features(big), o.geometry(), isa)
	b := binding{kernel: o.Name(), class: mapped, scratch: k.Scratch(), run: func(call *call) {
		var list [chain.MaxSlices][]float32
		n := copy(list[:], call.in)
		list[n] = call.out
		n += 1 + copy(list[n+1:], call.also)
		k.Run(list[:n], call.scratch, call.groups)
	}}
	for i, out := range c.Outputs {
		over := out.Over + 1
		if o.pad != nil && c.Inputs+i == c.Small {
			over = 0
		}
		if i == 0 {
			b.inPlace = over
		} else {
			b.alsoInPlace = append(b.alsoInPlace, over)
		}
	}
	return b, true
}

// geometry is the padding as the kernels know it: from the small images to the
// others.
func (o chainOp) geometry() *kernel.Pad2d {
	if o.pad == nil {
		return nil
	}
	small, big := o.types[o.chain.Small].Shape, o.types[o.chain.Inputs].Shape
	g := &kernel.Pad2d{C: big[1], H: small[2], W: small[3], Top: o.pad.Top, Left: o.pad.Left, OutH: big[2], OutW: big[3]}
	if o.chain.Small >= o.chain.Inputs { // the padding makes the small images
		g.Top, g.Left = -g.Top, -g.Left
	}
	return g
}

// clean finds out which results have zeros in spare lanes, given which values do.
func (o chainOp) clean(n graph.Node, ok []bool) {
	var zero []bool // of the chain's values
	for _, id := range n.In {
		zero = append(zero, ok[id])
	}
	for _, s := range o.chain.Steps {
		z := zero[s.A]
		switch s.Op {
		case chain.Add:
			z = z && zero[s.B]
		case chain.Mul:
			z = z || zero[s.B]
		case chain.Less:
			z = z && s.Shift == 0
		case chain.ReLUGradient, chain.SigmoidGradient, chain.TanhGradient:
			z = zero[s.B]
		case chain.Sigmoid:
			z = false
		}
		zero = append(zero, z)
	}
	for i, id := range outs(n) {
		ok[id] = zero[o.chain.Outputs[i].Value]
	}
}
