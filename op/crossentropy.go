package op

import (
	"math"

	"gradus/graph"
)

// CrossEntropy is the mean over the first `valid` samples of the negative
// log-likelihood of the labels: a scalar. logits are [N C], labels int32 [N];
// valid is a scalar input of feed count, nil for the whole batch.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html
func CrossEntropy(logits, labels, valid *graph.Value) *graph.Value {
	return BatchMean(CrossEntropyLosses(logits, labels), valid)
}

// CrossEntropyLosses is the loss of each sample [N]:
//
//	loss[n] = log(sum over k of exp(logits[n k])) - logits[n labels[n]]
//
// A label outside 0..C-1 makes its loss and its gradient NaN.
func CrossEntropyLosses(logits, labels *graph.Value) *graph.Value {
	return graph.Apply(CrossEntropyLossesOp{}, logits, labels)
}

// CrossEntropyLossesOp is the operation behind CrossEntropyLosses.
type CrossEntropyLossesOp struct{}

// Name is "cross_entropy_losses".
func (CrossEntropyLossesOp) Name() string { return "cross_entropy_losses" }

// Infer wants logits [N C] and labels int32 [N].
func (CrossEntropyLossesOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := arity(in, 2, 2); err != nil {
		return graph.Type{}, err
	}
	return labelled(in)
}

// labelled wants logits [N C] and labels int32 [N], and returns the type of one
// number per sample.
func labelled(in []graph.Type) (graph.Type, error) {
	if err := logits(in[0]); err != nil {
		return graph.Type{}, err
	}
	want := graph.Type{DType: graph.Int32, Shape: graph.Shape{in[0].Shape[0]}, Batched: true}
	if !in[1].Equal(want) {
		return graph.Type{}, &graph.Error{Want: "labels " + want.String(), Got: in[1].String()}
	}
	return batched(in[0].Shape[0]), nil
}

// Reference is the formula of CrossEntropyLosses.
func (CrossEntropyLossesOp) Reference(in []graph.Array, out graph.Array) {
	c := in[0].Shape[1]
	for n := range out.Data {
		row, label := in[0].Data[n*c:(n+1)*c], int(in[1].Data[n])
		if label < 0 || label >= c {
			out.Data[n] = math.NaN()
			continue
		}
		out.Data[n] = logSumExp(row) - row[label]
	}
}

// Gradient is (softmax(logits) - onehot(labels)) * dloss; labels have none.
func (CrossEntropyLossesOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(CrossEntropyLossesGradientOp{}, n.In[0], n.In[1], n.Grad), nil}
}

// CrossEntropyLossesGradientOp is the backward operation of
// CrossEntropyLossesOp: (logits, labels, dloss [N]) to dlogits [N C].
type CrossEntropyLossesGradientOp struct{}

// Name is "cross_entropy_losses_gradient".
func (CrossEntropyLossesGradientOp) Name() string { return "cross_entropy_losses_gradient" }

// Infer wants logits [N C], labels int32 [N] and a gradient [N].
func (CrossEntropyLossesGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := arity(in, 3, 3); err != nil {
		return graph.Type{}, err
	}
	losses, err := labelled(in)
	if err == nil && !in[2].Equal(losses) {
		err = &graph.Error{Want: "gradient " + losses.String(), Got: in[2].String()}
	}
	return in[0], err
}

// Reference is (softmax(logits) - onehot(labels)) * dloss.
func (CrossEntropyLossesGradientOp) Reference(in []graph.Array, out graph.Array) {
	c := out.Shape[1]
	for n, d := range in[2].Data {
		row, label := in[0].Data[n*c:(n+1)*c], int(in[1].Data[n])
		if label < 0 || label >= c {
			d = math.NaN()
		}
		total := logSumExp(row)
		for k, v := range row {
			p := math.Exp(v - total)
			if k == label {
				p--
			}
			out.Data[n*c+k] = p * d
		}
	}
}
