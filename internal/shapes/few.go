//go:build !slow && race

package shapes

// What the race detector, which makes everything slower, can afford: so many
// shapes, of so many multiply-adds each.
const (
	mostConvolutions = 30
	mostPools        = 10
	mostWork         = 3e5
)
