//go:build !slow && !race

package shapes

import "math"

// What a normal test run can afford: so many shapes, of so many multiply-adds
// each.
const (
	mostConvolutions = 300
	mostPools        = math.MaxInt
	mostWork         = 3e5
)
