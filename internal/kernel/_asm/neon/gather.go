package main

// gatherBytes generates func gatherBytes(out, rows, n, scale, shift): n features, a
// multiple of 16, of 16 samples of bytes become blocks of scaled floats.
// 16x16 bytes are transposed at a time: four times the first eight registers are
// interleaved with the others. As the kernels for AMD64 do, it asks for the lines of
// samples some way ahead: for those of four samples, by turns, in every round.
func (a *assembler) gatherBytes() {
	a.function("gatherBytes", "turns n features, a multiple of 16, of 16 samples into blocks.",
		0, []param{{"out", "*float32"}, {"rows", "*[16]*byte"}, {"n", "int"}, {"scale", "float32"}, {"shift", "float32"}}, "")
	out, rows, n := a.load("out"), a.load("rows"), a.load("n")
	done, row := a.general(), a.general()
	x, y := a.vectorsOf(16), a.vectorsOf(16)
	a.op("MOVD", imm(0), done)
	const line, ahead = 64, 256
	last, some := a.general(), a.general()
	a.op("SUBS", imm(ahead), n, last) // behind it nothing is left to ask for
	a.op("BLE", "loop")
	for i := range 16 {
		a.op("MOVD", at(rows, 8*i), row)
		for next := line; next < ahead; next += line {
			a.op("PRFM", at(row, next), "PLDL1KEEP")
		}
	}
	a.label("loop")
	a.op("CMP", last, done)
	a.op("BGE", "asked")
	a.op("LSL", imm(1), done, some) // 32 bytes of rows every 16
	a.op("AND", imm(3*32), some)
	a.op("ADD", rows, some)
	for i := range 4 {
		a.op("MOVD", at(some, 8*i), row)
		a.op("ADD", done, row)
		a.op("PRFM", at(row, ahead), "PLDL1KEEP")
	}
	a.label("asked")
	for i, v := range x {
		a.op("MOVD", at(rows, 8*i), row)
		a.op("ADD", done, row)
		a.op("FMOVQ", at(row, 0), v.f())
	}
	for range 4 {
		for i := range 8 {
			a.zip1(vector.b16, x[i], x[i+8], y[2*i])
			a.zip2(vector.b16, x[i], x[i+8], y[2*i+1])
		}
		x, y = y, x
	}
	lo, hi, scale, shift, whole, block := y[0], y[1], y[2], y[3], y[4:8], y[8:12]
	a.broadcast("scale", scale)
	a.broadcast("shift", shift)
	for _, v := range x { // a feature of 16 samples
		a.op("VUXTL", v.b8(), lo.h8())
		a.op("VUXTL2", v.b16(), hi.h8())
		a.op("VUXTL", lo.h4(), whole[0].s4())
		a.op("VUXTL2", lo.h8(), whole[1].s4())
		a.op("VUXTL", hi.h4(), whole[2].s4())
		a.op("VUXTL2", hi.h8(), whole[3].s4())
		for i, b := range block {
			a.toFloats(whole[i], whole[i])
			a.move(shift, b)
			a.multiplyAdd(whole[i], scale, b)
		}
		a.op("VST1.P", group(block...), at(out, blockBytes))
	}
	a.op("ADD", imm(16), done)
	a.op("CMP", n, done)
	a.op("BLT", "loop")
	a.op("RET")
}
