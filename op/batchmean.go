package op

import "gradus/graph"

// BatchMean is the mean of the first `valid` of the numbers x [N], a scalar;
// nil means all of them. The mean of none is 0.
func BatchMean(x, valid *graph.Value) *graph.Value {
	return graph.Apply(BatchMeanOp{}, withValid(valid, x)...)
}

// withValid appends the optional operand `valid`.
func withValid(valid *graph.Value, operands ...*graph.Value) []*graph.Value {
	if valid != nil {
		operands = append(operands, valid)
	}
	return operands
}

// checkValid wants the operand `valid`, if it is there, to be a scalar.
func checkValid(in []graph.Type, at int) error {
	if err := arity(in, at, at+1); err != nil {
		return err
	}
	if len(in) > at && !in[at].Equal(plain()) {
		return &graph.Error{Want: "the number of valid samples, " + plain().String(), Got: in[at].String()}
	}
	return nil
}

// counted is the number of valid samples among n: the operand at index `at`
// where it is there, n otherwise.
func counted(in []graph.Array, at, n int) int {
	if len(in) > at {
		n = max(0, min(n, int(in[at].Data[0])))
	}
	return n
}

// BatchMeanOp is the operation behind BatchMean: operands x and optionally
// valid.
type BatchMeanOp struct{}

// Name is "batch_mean".
func (BatchMeanOp) Name() string { return "batch_mean" }

// Infer wants a number per sample [N].
func (BatchMeanOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := checkValid(in, 1); err != nil {
		return graph.Type{}, err
	}
	if len(in[0].Shape) != 1 || !in[0].Batched || in[0].DType != graph.Float32 {
		return graph.Type{}, &graph.Error{Want: "a number per sample [N]", Got: in[0].String()}
	}
	return plain(), nil
}

// Reference adds in the order of the samples, then divides.
func (BatchMeanOp) Reference(in []graph.Array, out graph.Array) {
	n := counted(in, 1, len(in[0].Data))
	for _, v := range in[0].Data[:n] {
		out.Data[0] += v
	}
	if n > 0 {
		out.Data[0] /= float64(n)
	}
}

// Gradient gives every valid sample its share; valid has none.
func (BatchMeanOp) Gradient(n graph.NodeGradient) []*graph.Value {
	grads := make([]*graph.Value, len(n.In))
	operands := append([]*graph.Value{n.Grad}, n.In[1:]...)
	grads[0] = graph.Apply(BatchMeanGradientOp{n.In[0].Dim(0)}, operands...)
	return grads
}

// BatchMeanGradientOp is the backward operation of BatchMeanOp: (dy [],
// optionally valid) to dx [Batch], which is dy/valid for valid samples and 0
// for others.
type BatchMeanGradientOp struct {
	Batch int `json:"batch"`
}

// Name is "batch_mean_gradient".
func (BatchMeanGradientOp) Name() string { return "batch_mean_gradient" }

// Infer wants a scalar gradient.
func (b BatchMeanGradientOp) Infer(in []graph.Type) (graph.Type, error) {
	if err := checkValid(in, 1); err != nil {
		return graph.Type{}, err
	}
	if !in[0].Equal(plain()) {
		return graph.Type{}, &graph.Error{Want: "a scalar gradient", Got: in[0].String()}
	}
	return batched(b.Batch), nil
}

// Reference is dy/valid for valid samples, 0 for others.
func (b BatchMeanGradientOp) Reference(in []graph.Array, out graph.Array) {
	n := counted(in, 1, len(out.Data))
	for i := range n {
		out.Data[i] = in[0].Data[0] / float64(n)
	}
}
