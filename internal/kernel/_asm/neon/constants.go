package main

import (
	"fmt"
	"math"
	"slices"
)

// Constants stand in the read-only data, four of a kind, as a register holds
// them. A function that needs some calls needConstants first.

func (a *assembler) needConstants() {
	a.base = a.general()
	a.op("MOVD", "$constants<>(SB)", a.base)
}

// constant is a number in all lanes of a new register.
func (a *assembler) constant(x float32) vector { return a.constantBits(math.Float32bits(x)) }

func (a *assembler) constantBits(bits uint32) vector {
	return a.constantLanes([4]uint32{bits, bits, bits, bits})
}

func (a *assembler) constantLanes(lanes [4]uint32) vector {
	v := a.vector()
	a.loadConstant(lanes, v)
	return v
}

// loadConstant brings a constant into a register.
func (a *assembler) loadConstant(lanes [4]uint32, to vector) {
	i := slices.Index(a.constants, lanes)
	if i < 0 {
		i = len(a.constants)
		a.constants = append(a.constants, lanes)
	}
	a.op("FMOVQ", at(a.base, 16*i), to.f())
}

// writeConstants ends the file.
func (a *assembler) writeConstants() {
	fmt.Fprintln(&a.text)
	for i, lanes := range a.constants {
		for l, bits := range lanes {
			fmt.Fprintf(&a.text, "DATA constants<>+%d(SB)/4, $%#08x\n", 16*i+4*l, bits)
		}
	}
	fmt.Fprintf(&a.text, "GLOBL constants<>(SB), RODATA|NOPTR, $%d\n", 16*len(a.constants))
}
