package main

import "fmt"

// peakSums is how many sums the peak kernel has: enough to hide the latency of
// a fused multiply-add on every processor there is.
const peakSums = 14

// peak generates func peak(rounds int): peakSums independent fused
// multiply-adds on registers per round, and nothing else.
func (a *assembler) peak() {
	a.function("peak", fmt.Sprintf("does rounds of %d independent fused multiply-adds on registers.", peakSums), 0, []param{{"rounds", "int"}}, "")
	n := a.load("rounds")
	sums, x := a.vectorsOf(peakSums), a.vector()
	a.zero(x)
	for _, v := range sums {
		a.zero(v)
	}
	a.label("loop")
	for _, v := range sums {
		a.multiplyAdd(x, x, v)
	}
	a.op("SUB", imm(1), n)
	a.op("CBNZ", n, "loop")
	a.op("RET")
}
