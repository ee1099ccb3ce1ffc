// Command _asm generates the amd64 kernels of the package above: run
// go generate there.
package main

import (
	. "github.com/mmcloughlin/avo/build"

	"gradus/internal/kernel/chain"
)

func main() {
	ConstraintExpr("amd64")
	for _, s := range isas {
		for _, width := range s.tall.even {
			for channels := 2 * rows; channels > rows; channels-- {
				s.multiply(channels, width, true)
			}
		}
		for channels := 2 * rows; channels > rows && s.tall.mixed > 0; channels-- {
			s.multiply(channels, s.tall.mixed, false)
		}
		if s.narrow > 0 {
			s.multiply(2*rows, s.narrow, false)
		}
		for channels := rows; channels > 0; channels-- {
			for _, width := range s.flat.even {
				s.multiply(channels, width, true)
			}
			s.multiply(channels, s.flat.mixed, false)
		}
		s.weightGradients()
	}
	for _, s := range isas {
		s.channelGradients()
		s.gemms()
	}
	for _, s := range isas {
		s.elementwiseKernels()
		s.sgd()
		for _, c := range chain.All() {
			s.chain(c)
		}
		s.average2x2()
		s.average2x2Gradient()
		s.nonFinite()
		s.sumRows()
		s.sumProducts()
		s.softmaxKernels()
		s.gatherBytes()
		s.peak()
		s.transposition(false)
		s.transposition(true)
	}
	prefetch()
	Generate()
}
