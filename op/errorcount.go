package op

import "gradus/graph"

// ErrorCount is the number of the first `valid` samples whose largest logit is
// not at the label: a scalar. logits are [N C], labels int32 [N]; valid is a
// scalar, nil for the whole batch. The first of equal logits counts as the
// largest, and the first NaN as larger than any number, as PyTorch's argmax
// has it. It has no gradient.
func ErrorCount(logits, labels, valid *graph.Value) *graph.Value {
	return graph.Apply(ErrorCountOp{}, withValid(valid, logits, labels)...)
}

// ErrorCountOp is the operation behind ErrorCount: operands logits, labels and
// optionally valid.
type ErrorCountOp struct{}

// Name is "error_count".
func (ErrorCountOp) Name() string { return "error_count" }

// Infer wants logits [N C], labels int32 [N] and, if present, a scalar.
func (ErrorCountOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := checkValid(in, 2); err != nil {
		return graph.Type{}, err
	}
	_, err := labelled(in)
	return plain(), err
}

// Reference compares every valid sample's winner with its label.
func (ErrorCountOp) Reference(in []graph.Array, out graph.Array) {
	c := in[0].Shape[1]
	for n := range counted(in, 2, len(in[1].Data)) {
		if float64(argmax(in[0].Data[n*c:(n+1)*c])) != in[1].Data[n] {
			out.Data[0]++
		}
	}
}

// argmax is the index of the first largest element, or of the first NaN.
func argmax(x []float64) int {
	best := 0
	for i, v := range x {
		if beats(v, x[best]) {
			best = i
		}
	}
	return best
}
