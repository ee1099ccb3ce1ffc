//go:build slow

package shapes

import "math"

// All shapes, of so many multiply-adds each.
const (
	mostConvolutions = math.MaxInt
	mostPools        = math.MaxInt
	mostWork         = 2e7
)
