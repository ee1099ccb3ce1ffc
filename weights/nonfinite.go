package weights

import (
	"fmt"
	"iter"

	"gradus/graph"
)

// NonFinite is an element of a parameter that is infinite or not a number.
type NonFinite struct {
	Name  string // of the parameter
	Index int    // of the element, row-major
	Value float32
}

// String formats the element as f.weight[17] = NaN.
func (n NonFinite) String() string { return fmt.Sprintf("%s[%d] = %v", n.Name, n.Index, n.Value) }

// NonFinites goes over the elements that are infinite or not numbers, in order.
// Files may hold such, so loading does not refuse them: whoever trains on or
// predicts looks here first.
func NonFinites(parameters []graph.Parameter) iter.Seq[NonFinite] {
	return func(yield func(NonFinite) bool) {
		for _, p := range parameters {
			for i, v := range p.Tensor.Data {
				// v-v is 0 for every finite number and NaN for all else.
				if v-v != 0 && !yield(NonFinite{p.Name, i, v}) {
					return
				}
			}
		}
	}
}

// CheckFinite refuses parameters with an element that is infinite or not a
// number, and names the first.
func CheckFinite(parameters []graph.Parameter) error {
	for n := range NonFinites(parameters) {
		return fmt.Errorf("expected finite weights, got %v", n)
	}
	return nil
}
