package zoo

import (
	"fmt"

	"gradus/graph"
)

// maxWeights keeps a mistyped size from exhausting the memory: training needs
// three numbers of four bytes for each, the weight, its gradient and its
// velocity, 3 GiB for these.
const (
	maxWeights = 1 << 28
	bytesEach  = 3 * 4
)

// weights is about the number of weights of a network: those of its
// convolutions, which all networks have, and of its linear layer. It is a
// float64 so that no size overflows it.
func (o Options) weights(features int) float64 {
	channels := float64(4 * o.Image[0])
	for _, in := range []int{4, 8, 16} {
		channels += float64((o.Depth-1)*in*in + in*2*in)
	}
	return channels*float64(o.Kernel)*float64(o.Kernel) + float64(features)*float64(o.Classes)
}

// Weights is about the number of weights of a network, before it is made: of one
// that Check accepts.
func (o Options) Weights() int {
	o = o.complete()
	features, err := o.features()
	if err != nil {
		return 0
	}
	return int(o.weights(features))
}

// checkSize refuses networks that are too large to train here.
func (o Options) checkSize(features int) *graph.Error {
	n := o.weights(features)
	if n <= maxWeights {
		return nil
	}
	return &graph.Error{
		Op: "net", Want: fmt.Sprintf("at most %d weights, 3 GiB in training", maxWeights),
		Got: fmt.Sprintf("about %.0f, %.1f GiB", n, n*bytesEach/(1<<30)), Fix: "use a smaller depth or kernel",
	}
}
