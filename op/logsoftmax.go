package op

import (
	"math"

	"gradus/graph"
)

// LogSoftmax is the logarithm of the softmax over dimension 1 of logits [N C]:
//
//	y[n c] = x[n c] - log(sum over k of exp(x[n k]))
//
// computed relative to the largest logit, so that large ones do not overflow.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.LogSoftmax.html
func LogSoftmax(x *graph.Value) *graph.Value { return graph.Apply(LogSoftmaxOp{}, x) }

// LogSoftmaxOp is the operation behind LogSoftmax.
type LogSoftmaxOp struct{}

// Name is "log_softmax".
func (LogSoftmaxOp) Name() string { return "log_softmax" }

// Infer wants logits [N C].
func (LogSoftmaxOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := operands(in, 1); err != nil {
		return graph.Type{}, err
	}
	return in[0], logits(in[0])
}

// logits wants [N C] with at least one class.
func logits(t graph.Type) error {
	if len(t.Shape) != 2 || !t.Batched || t.Shape[1] < 1 || t.DType != graph.Float32 {
		return &graph.Error{Want: "logits [N C]", Got: t.String()}
	}
	return nil
}

// logSumExp is log(sum of exp(x)), relative to the largest element.
func logSumExp(x []float64) float64 {
	largest := x[0]
	for _, v := range x[1:] {
		if v > largest || v != v {
			largest = v
		}
	}
	sum := 0.0
	for _, v := range x {
		sum += math.Exp(v - largest)
	}
	return largest + math.Log(sum)
}

// Reference is the formula of LogSoftmax.
func (LogSoftmaxOp) Reference(in []graph.Array, out graph.Array) {
	c := out.Shape[1]
	for i := 0; i < len(out.Data); i += c {
		row := in[0].Data[i : i+c]
		total := logSumExp(row)
		for k, v := range row {
			out.Data[i+k] = v - total
		}
	}
}

// Gradient is dy - softmax(x) * sum of dy.
func (LogSoftmaxOp) Gradient(n graph.NodeGradient) []*graph.Value {
	return []*graph.Value{graph.Apply(LogSoftmaxGradientOp{}, n.Out, n.Grad)}
}

// LogSoftmaxGradientOp is the backward operation of LogSoftmaxOp: (y, dy) to
// dx[n c] = dy[n c] - exp(y[n c]) * sum over k of dy[n k].
type LogSoftmaxGradientOp struct{}

// Name is "log_softmax_gradient".
func (LogSoftmaxGradientOp) Name() string { return "log_softmax_gradient" }

// Infer wants two operands [N C].
func (LogSoftmaxGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	t, err := elementwise(in, 2)
	if err == nil {
		err = logits(t)
	}
	return t, err
}

// Reference is the formula of LogSoftmaxGradientOp.
func (LogSoftmaxGradientOp) Reference(in []graph.Array, out graph.Array) {
	c := out.Shape[1]
	for i := 0; i < len(out.Data); i += c {
		sum := 0.0
		for _, d := range in[1].Data[i : i+c] {
			sum += d
		}
		for k := i; k < i+c; k++ {
			out.Data[k] = in[1].Data[k] - math.Exp(in[0].Data[k])*sum
		}
	}
}
