package nn

import "gradus/graph"

// Sequential applies its modules from the first to the last; without any it
// is the identity. The parameters of module i begin with "i.".
//
// It is a Module by its address, &Sequential{...}, because layers are told
// apart by identity.
//
// Source: https://pytorch.org/docs/stable/generated/torch.nn.Sequential.html
type Sequential []Module

// Forward is the last module applied to the one before it, and so on down to x.
func (s *Sequential) Forward(x *graph.Value) *graph.Value {
	for _, m := range *s {
		x = x.Through(m)
	}
	return x
}
