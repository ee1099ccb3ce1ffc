package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

// sgd generates func sgd(v1, w1, v, w, dw *float32, momentum, rate float32, n int):
// sgdVelocity and sgdStep in one pass.
func (s isa) sgd() {
	TEXT("sgd"+s.name, NOSPLIT, "func(v1, w1, v, w, dw *float32, momentum, rate float32, n int)")
	Pragma("noescape")
	Doc("sgd" + s.name + " computes v1 = momentum*v + dw and w1 = w - rate*v1 for n numbers, a multiple of 16.")
	v1, w1 := Load(Param("v1"), GP64()), Load(Param("w1"), GP64())
	v, w, dw := Load(Param("v"), GP64()), Load(Param("w"), GP64()), Load(Param("dw"), GP64())
	momentum, rate := s.parameter("momentum"), s.parameter("rate")
	n, at := Load(Param("n"), GP64()), GP64()
	XORQ(at, at)
	Label("loop")
	for disp := 0; disp < blockBytes; disp += s.bytes {
		x, y := s.register(), s.register()
		VMULPS(Mem{Base: v, Index: at, Scale: 4, Disp: disp}, momentum, x)
		VADDPS(Mem{Base: dw, Index: at, Scale: 4, Disp: disp}, x, x)
		VMOVUPS(x, Mem{Base: v1, Index: at, Scale: 4, Disp: disp})
		VMULPS(rate, x, x)
		VMOVUPS(Mem{Base: w, Index: at, Scale: 4, Disp: disp}, y)
		VSUBPS(x, y, y)
		VMOVUPS(y, Mem{Base: w1, Index: at, Scale: 4, Disp: disp})
	}
	ADDQ(Imm(blockBytes/lane), at)
	CMPQ(at, n)
	JLT(LabelRef("loop"))
	VZEROUPPER()
	RET()
}
