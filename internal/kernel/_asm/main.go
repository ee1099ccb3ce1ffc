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
		for channels := 2 * rows; channels > rows && s.tall != nil; channels-- {
			widths := s.tall
			if channels <= rows+2 {
				widths = s.middle
			}
			s.multiply(channels, widths)
		}
		for channels := rows; channels > 0; channels-- {
			s.multiply(channels, s.flat)
		}
		s.weightGradients()
	}
	for _, s := range isas {
		s.channelGradients()
		s.gemms()
		s.denses()
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
		s.transposition()
	}
	prefetch()
	Generate()
}
