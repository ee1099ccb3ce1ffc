package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// prefetch generates func prefetch(p *byte, n int): it asks for n bytes to be
// brought into the second-level cache.
func prefetch() {
	TEXT("prefetch", NOSPLIT, "func(p *byte, n int)")
	Pragma("noescape")
	Doc("prefetch asks for n bytes to be brought into the second-level cache.")
	p, n := Load(Param("p"), GP64()), Load(Param("n"), GP64())
	ADDQ(p, n)
	Label("loop")
	PREFETCHT1(Mem{Base: p})
	ADDQ(Imm(64), p)
	CMPQ(p, n)
	JLT(LabelRef("loop"))
	RET()
}
