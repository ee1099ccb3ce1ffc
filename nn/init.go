package nn

import (
	"fmt"
	"math"

	"gradus/graph"
	"gradus/random"
)

// affine describes the parameters of a layer whose outputs are sums of weighted
// inputs plus a bias.
type affine struct {
	operation string      // that will use them, for refusals
	layout    string      // of the weight, for refusals
	weight    graph.Shape // outputs first
	noBias    bool
}

// draw makes the parameters as PyTorch initialises its convolutions and linear
// layers: weight and bias uniform in +-1/sqrt(fan_in), where fan_in is the
// number of inputs of one output, the product of the weight's dimensions but
// the first. The weight is drawn before the bias, each from its first element
// to its last.
//
// A description that cannot work gives an empty weight, draws nothing, and
// returns the refusal that Forward hands on.
//
// Source: reset_parameters of torch.nn.Linear and torch.nn.Conv2d. It is the
// He-uniform initialisation (K. He et al., Delving Deep into Rectifiers, ICCV
// 2015) with a = sqrt(5): sqrt(6 / ((1+5) fan_in)).
func (a affine) draw(r *random.Stream) (weight, bias *graph.Tensor, refusal *graph.Error) {
	if refusal = a.check(r); refusal != nil {
		return graph.NewTensor(0), nil, refusal
	}
	fanIn := 1
	for _, d := range a.weight[1:] {
		fanIn *= d
	}
	bound := 1 / math.Sqrt(float64(fanIn))
	weight = uniform(r, bound, a.weight...)
	if !a.noBias {
		bias = uniform(r, bound, a.weight[0])
	}
	return weight, bias, nil
}

// maxElements keeps a mistyped size from exhausting the memory: 8 GiB.
const maxElements = 1 << 31

func (a affine) check(r *random.Stream) *graph.Error {
	if r == nil {
		return &graph.Error{
			Op: a.operation, Want: "a random stream for the initial weights", Got: "nil", Fix: "random.New makes one",
		}
	}
	for _, d := range a.weight {
		if d < 1 {
			return &graph.Error{
				Op: a.operation, Want: fmt.Sprintf("a weight %s with sizes of at least 1", a.layout), Got: a.weight.String(),
			}
		}
	}
	if n, err := a.weight.Elements(); err != nil || n > maxElements {
		return &graph.Error{
			Op: a.operation, Want: fmt.Sprintf("a weight %s of at most %d numbers", a.layout, maxElements), Got: a.weight.String(),
		}
	}
	return nil
}

// uniform is a tensor drawn from +-bound.
func uniform(r *random.Stream, bound float64, shape ...int) *graph.Tensor {
	t := graph.NewTensor(shape...)
	for i := range t.Data {
		t.Data[i] = float32(r.Uniform(-bound, bound))
	}
	return t
}
