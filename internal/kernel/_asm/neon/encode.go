package main

import "fmt"

// Go's assembler lacks these instructions on vectors of four numbers. Their
// codes are those of the Arm Architecture Reference Manual (DDI 0487), C7.2, with
// the registers left out: Rm stands at bit 16, Rn at bit 5, Rd at bit 0.
const (
	codeFADD   = 0x4e20d400 // Rd = Rn + Rm
	codeFSUB   = 0x4ea0d400 // Rd = Rn - Rm
	codeFMUL   = 0x6e20dc00 // Rd = Rn * Rm
	codeFADDP  = 0x6e20d400 // Rd = sums of the neighbours in Rn, then in Rm
	codeBIC    = 0x4e601c00 // Rd = Rn &^ Rm
	codeFCMLE0 = 0x6ea0d800 // Rd = Rn <= 0 in all bits; not of NaN
)

func (a *assembler) add(x, y, to vector)      { a.three("FADD", codeFADD, x, y, to) }
func (a *assembler) sub(x, y, to vector)      { a.three("FSUB", codeFSUB, x, y, to) }
func (a *assembler) mul(x, y, to vector)      { a.three("FMUL", codeFMUL, x, y, to) }
func (a *assembler) addPairs(x, y, to vector) { a.three("FADDP", codeFADDP, x, y, to) }

// andNot is x &^ y, notAbove all bits where x <= 0.
func (a *assembler) andNot(x, y, to vector) {
	a.word(codeBIC|uint32(y)<<16|uint32(x)<<5|uint32(to), "BIC v%d.16b, v%d.16b, v%d.16b", to, x, y)
}

func (a *assembler) notAbove(x, to vector) {
	a.word(codeFCMLE0|uint32(x)<<5|uint32(to), "FCMLE v%d.4s, v%d.4s, #0.0", to, x)
}

func (a *assembler) three(name string, code uint32, x, y, to vector) {
	a.word(code|uint32(y)<<16|uint32(x)<<5|uint32(to), name+" v%d.4s, v%d.4s, v%d.4s", to, x, y)
}

// word writes an instruction by its code, with Arm's way to write it behind.
func (a *assembler) word(code uint32, comment string, registers ...any) {
	for i, r := range registers {
		registers[i] = int(r.(vector))
	}
	fmt.Fprintf(&a.text, "\tWORD $%#08x // %s\n", code, fmt.Sprintf(comment, registers...))
}
