// Package optest is for tests only: random small computations of every
// operation, for gradient checks of the references and comparisons of devices
// with them.
//
// A Case is one computation with its numbers; Cases draws those of an
// operation, forward or backward:
//
//	for _, c := range optest.Cases("conv2d", random.New(1, "conv2d")) {
//		p, err := c.Program(true)  // inputs x0, x1, ... and seed; outputs out, gradient/x0, ...
//		values := c.Values(p)      // the inputs' numbers by name
//		...                        // run p, compare with the reference within c.Bound()
//	}
package optest
