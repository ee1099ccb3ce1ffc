package zoo

import (
	"strings"
	"testing"

	"gradus/nn"
	"gradus/random"
)

// The estimate is what the networks really hold, biases aside; blocks may hold
// a little more than their convolutions.
func TestWeights(t *testing.T) {
	for _, o := range []Options{
		DefaultOptions(),
		{Net: "plain", Depth: 4, Kernel: 5, Activation: nn.ReLU},
		{Net: "plain", Depth: 2, Kernel: 3, Activation: nn.ReLU, Image: [3]int{3, 40, 33}, Classes: 7},
	} {
		o = o.complete()
		m, err := New(random.New(1, "zoo"), o)
		if err != nil {
			t.Fatal(err)
		}
		parameters, err := nn.Parameters(m)
		if err != nil {
			t.Fatal(err)
		}
		want := 0
		for _, p := range parameters {
			if strings.HasSuffix(p.Name, "weight") {
				want += len(p.Tensor.Data)
			}
		}
		features, err := o.features()
		if err != nil {
			t.Fatal(err)
		}
		if got := o.weights(features); got != float64(want) {
			t.Errorf("%+v: expected %d weights, got %v", o, want, got)
		}
	}
}
