package kernel

import (
	"unsafe"

	"gradus/internal/kernel/chain"
)

// callChain calls the kernel of a chain. The calls are direct, so that the argument
// stays on the stack.
func (s ISA) callChain(c *chain.Chain, args *chainArgs) {
	switch a := (*byte)(unsafe.Pointer(args)); c {
	case &chain.Gate:
		gateNEON(a)
	case &chain.GateAlone:
		gateAloneNEON(a)
	case &chain.GateGradient:
		gateGradientNEON(a)
	case &chain.GateGradientOfSum:
		gateGradientOfSumNEON(a)
	case &chain.AddReLU:
		addReLUNEON(a)
	case &chain.ConvexReLU:
		convexReLUNEON(a)
	case &chain.ReLUGradientOfSum:
		reluGradientOfSumNEON(a)
	case &chain.ReLUGradientPad:
		reluGradientPadNEON(a)
	case &chain.ReLUGradientPadOfSum:
		reluGradientPadOfSumNEON(a)
	default:
		panic("kernel: chain " + c.Name + " has none for NEON") // one was described and not called here
	}
}
