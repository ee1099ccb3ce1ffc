package main

import "fmt"

// Go's assembler lacks these instructions on vectors of four numbers. Their
// codes are those of the Arm Architecture Reference Manual (DDI 0487), C7.2, with
// the registers left out: Rm stands at bit 16, Rn at bit 5, Rd at bit 0.
const (
	codeFADD   = 0x4e20d400 // Rd = Rn + Rm
	codeFSUB   = 0x4ea0d400 // Rd = Rn - Rm
	codeFMUL   = 0x6e20dc00 // Rd = Rn * Rm
	codeFDIV   = 0x6e20fc00 // Rd = Rn / Rm
	codeFMAX   = 0x4e20f400 // Rd = the larger of Rn and Rm, NaN if one is
	codeFMIN   = 0x4ea0f400 // Rd = the smaller
	codeFADDP  = 0x6e20d400 // Rd = sums of the neighbours in Rn, then in Rm
	codeFCMEQ  = 0x4e20e400 // Rd = Rn == Rm in all bits; not of NaN
	codeFCMGE  = 0x6e20e400 // Rd = Rn >= Rm
	codeFCMLE0 = 0x6ea0d800 // Rd = Rn <= 0
	codeFNEG   = 0x6ea0f800 // Rd = -Rn
	codeFRINTN = 0x4e218800 // Rd = Rn rounded to the nearest whole number, ties to even
	codeFCVTNS = 0x4e21a800 // Rd = Rn as a whole number
	codeSCVTF  = 0x4e21d800 // Rd = the whole number Rn
	codeSSHR   = 0x4f000400 // Rd = Rn shifted right with its sign, by 64 less the number at bit 16
	codeBIC    = 0x4e601c00 // Rd = Rn &^ Rm
)

func (a *assembler) add(x, y, to vector)          { a.three("FADD", codeFADD, x, y, to) }
func (a *assembler) sub(x, y, to vector)          { a.three("FSUB", codeFSUB, x, y, to) }
func (a *assembler) mul(x, y, to vector)          { a.three("FMUL", codeFMUL, x, y, to) }
func (a *assembler) div(x, y, to vector)          { a.three("FDIV", codeFDIV, x, y, to) }
func (a *assembler) larger(x, y, to vector)       { a.three("FMAX", codeFMAX, x, y, to) }
func (a *assembler) smaller(x, y, to vector)      { a.three("FMIN", codeFMIN, x, y, to) }
func (a *assembler) addPairs(x, y, to vector)     { a.three("FADDP", codeFADDP, x, y, to) }
func (a *assembler) equal(x, y, to vector)        { a.three("FCMEQ", codeFCMEQ, x, y, to) }
func (a *assembler) greaterEqual(x, y, to vector) { a.three("FCMGE", codeFCMGE, x, y, to) }

func (a *assembler) notAbove(x, to vector) { a.two("FCMLE", codeFCMLE0, x, to, ", #0.0") }
func (a *assembler) negate(x, to vector)   { a.two("FNEG", codeFNEG, x, to, "") }
func (a *assembler) round(x, to vector)    { a.two("FRINTN", codeFRINTN, x, to, "") }
func (a *assembler) toInts(x, to vector)   { a.two("FCVTNS", codeFCVTNS, x, to, "") }
func (a *assembler) toFloats(x, to vector) { a.two("SCVTF", codeSCVTF, x, to, "") }

func (a *assembler) shiftRight(n int, x, to vector) {
	a.two("SSHR", codeSSHR|uint32(64-n)<<16, x, to, fmt.Sprintf(", #%d", n))
}

func (a *assembler) andNot(x, y, to vector) {
	a.word(codeBIC|uint32(y)<<16|uint32(x)<<5|uint32(to), "BIC v%d.16b, v%d.16b, v%d.16b", to, x, y)
}

func (a *assembler) three(name string, code uint32, x, y, to vector) {
	a.word(code|uint32(y)<<16|uint32(x)<<5|uint32(to), name+" v%d.4s, v%d.4s, v%d.4s", to, x, y)
}

func (a *assembler) two(name string, code uint32, x, to vector, more string) {
	a.word(code|uint32(x)<<5|uint32(to), name+" v%d.4s, v%d.4s"+more, to, x)
}

// word writes an instruction by its code, with Arm's way to write it behind.
func (a *assembler) word(code uint32, comment string, registers ...vector) {
	numbers := make([]any, len(registers))
	for i, r := range registers {
		numbers[i] = int(r)
	}
	fmt.Fprintf(&a.text, "\tWORD $%#08x // %s\n", code, fmt.Sprintf(comment, numbers...))
}
