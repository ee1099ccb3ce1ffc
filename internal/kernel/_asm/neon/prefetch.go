package main

// prefetch generates func prefetch(p *byte, n int): it asks for n bytes to be
// brought into the second-level cache.
func (a *assembler) prefetch() {
	a.function("prefetch", "asks for n bytes to be brought into the second-level cache.",
		0, []param{{"p", "*byte"}, {"n", "int"}}, "")
	p, n := a.load("p"), a.load("n")
	a.op("ADD", p, n)
	a.label("loop")
	a.op("PRFM", at(p, 0), "PLDL2KEEP")
	a.op("ADD", imm(64), p)
	a.op("CMP", n, p)
	a.op("BLT", "loop")
	a.op("RET")
}
