package kernel

import (
	"unsafe"

	"gradus/internal/kernel/chain"
)

// callChain calls the kernel of a chain. The calls are direct, so that the argument
// stays on the stack.
func (s ISA) callChain(c *chain.Chain, args *chainArgs) {
	if a := (*byte)(unsafe.Pointer(args)); s == AVX512 {
		chain512(c, a)
	} else {
		chain256(c, a)
	}
}

func chain512(c *chain.Chain, a *byte) {
	switch c {
	case &chain.Gate:
		gateAVX512(a)
	case &chain.GateAlone:
		gateAloneAVX512(a)
	case &chain.GateGradient:
		gateGradientAVX512(a)
	case &chain.GateGradientOfSum:
		gateGradientOfSumAVX512(a)
	case &chain.AddReLU:
		addReLUAVX512(a)
	case &chain.ConvexReLU:
		convexReLUAVX512(a)
	case &chain.ReLUGradientOfSum:
		reluGradientOfSumAVX512(a)
	case &chain.ReLUGradientPad:
		reluGradientPadAVX512(a)
	case &chain.ReLUGradientPadOfSum:
		reluGradientPadOfSumAVX512(a)
	default:
		panic("kernel: chain " + c.Name + " has none for AVX-512") // one was described and not called here
	}
}

func chain256(c *chain.Chain, a *byte) {
	switch c {
	case &chain.Gate:
		gateAVX2(a)
	case &chain.GateAlone:
		gateAloneAVX2(a)
	case &chain.GateGradient:
		gateGradientAVX2(a)
	case &chain.GateGradientOfSum:
		gateGradientOfSumAVX2(a)
	case &chain.AddReLU:
		addReLUAVX2(a)
	case &chain.ConvexReLU:
		convexReLUAVX2(a)
	case &chain.ReLUGradientOfSum:
		reluGradientOfSumAVX2(a)
	case &chain.ReLUGradientPad:
		reluGradientPadAVX2(a)
	case &chain.ReLUGradientPadOfSum:
		reluGradientPadOfSumAVX2(a)
	default:
		panic("kernel: chain " + c.Name + " has none for AVX2")
	}
}
