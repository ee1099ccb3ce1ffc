package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// A batch that is no multiple of 16 leaves lanes without a sample. What is
// computed there is nobody's business until something sums over the lanes. Sums
// therefore want zeros in spare lanes; most gradients have them, because they are
// products with a gradient that has. Where a value may not, they are cleared
// before it is summed.

// clean finds the values whose spare lanes are surely zero.
func clean(p *graph.Program) []bool {
	ok := make([]bool, len(p.Values))
	for _, n := range p.Nodes {
		in := func(i int) bool { return ok[n.In[i]] }
		last := len(n.In) - 1
		switch o := n.Op.(type) {
		case op.BatchMeanGradientOp:
			ok[n.Out] = true
		case op.CrossEntropyLossesGradientOp, op.ReLUGradientOp, op.SigmoidGradientOp, op.TanhGradientOp,
			op.MaxPool2dGradientOp, op.LogSoftmaxGradientOp,
			op.Conv2dDataGradientOp, op.LinearDataGradientOp, op.AvgPool2dGradientOp:
			ok[n.Out] = in(last) // linear in the gradient, the last operand
		case chainOp:
			o.clean(n, ok)
		case crossEntropyOp:
			ok[o.gradient] = o.mean || in(2)
		case linearDataEnding:
			ok[n.Out] = in(1)
		case conv2dDataEnding:
			ok[n.Out] = in(1) && (!o.add || in(2))
		case op.Pad2dOp, op.FlattenOp, op.UnflattenOp, op.ReLUOp, op.TanhOp:
			ok[n.Out] = in(0)
		case op.AffineOp:
			ok[n.Out] = in(0) && o.Shift == 0
		case op.MulOp:
			ok[n.Out] = in(0) || in(1)
		case graph.AccumulateOp, op.AddOp:
			ok[n.Out] = true
			for i := range n.In {
				ok[n.Out] = ok[n.Out] && in(i)
			}
		}
	}
	return ok
}

// summed are the operands an operation sums over lanes: of the products of
// weight gradients it is enough that one factor is clean.
func summed(n graph.Node) []graph.ID {
	switch n.Op.(type) {
	case op.SumOp, mulSum: // of products one factor is enough
		return n.In[:1]
	case op.Conv2dWeightGradientOp, op.LinearWeightGradientOp:
		return n.In[1:2]
	}
	return nil
}

// clearSpare makes the lanes of the last group from `samples` on zero.
func clearSpare(group []float32, samples int) {
	for i := 0; i < len(group); i += kernel.Lanes {
		clear(group[i+samples : i+kernel.Lanes])
	}
}
