package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// peakSums is how many sums the peak kernel has: enough to hide the latency of
// a fused multiply-add on every processor there is.
const peakSums = 14

// peak generates func peak(rounds int): peakSums independent fused
// multiply-adds on registers per round, and nothing else.
func (s isa) peak() {
	TEXT("peak"+s.name, NOSPLIT, "func(rounds int)")
	Pragma("noescape")
	Doc("peak" + s.name + " does rounds of 14 independent fused multiply-adds on registers.")
	n := Load(Param("rounds"), GP64())
	sums := s.registers(peakSums)
	x := s.register()
	s.zero(x)
	for _, r := range sums {
		s.zero(r)
	}
	Label("loop")
	for _, r := range sums {
		VFMADD231PS(x, x, r)
	}
	DECQ(n)
	JNZ(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
