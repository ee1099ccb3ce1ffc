package nn

import (
	"gradus/graph"
	"gradus/op"
)

// Flatten makes one dimension of all but the first: [N C H W] to [N C*H*W].
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Flatten.html
type Flatten struct{}

// Forward is op.Flatten.
func (Flatten) Forward(x *graph.Value) *graph.Value { return op.Flatten(x) }
