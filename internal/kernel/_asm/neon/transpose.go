package main

import "fmt"

// transposition generates func(to, from *float32, toStride, fromStride, count,
// toNext, fromNext int): 16 rows of 16 numbers become 16 columns, four rows at a
// time, count times. Strides and the distances to the next are in bytes.
func (a *assembler) transposition() {
	a.function("transpose", "writes 16 rows of 16 numbers as 16 columns, count times. Strides are in bytes.",
		0, []param{{"to", "*float32"}, {"from", "*float32"}, {"toStride", "int"}, {"fromStride", "int"}, {"count", "int"}, {"toNext", "int"}, {"fromNext", "int"}}, "")
	to, from, toStride, fromStride := a.load("to"), a.load("from"), a.load("toStride"), a.load("fromStride")
	count, toNext, fromNext := a.load("count"), a.load("toNext"), a.load("fromNext")
	q := a.general()
	x := a.accumulators(4, quarters) // by row and quarter
	t := a.vectorsOf(4)
	// From behind a square to the next.
	a.op("SUB", imm(blockBytes), toNext)
	a.op("SUB", fmt.Sprintf("%s<<4", fromStride), fromNext)
	a.label("square")
	a.eachQuarter([]general{to}, func() {
		for _, row := range x {
			a.op("VLD1.P", after(from, fromStride), group(row...))
		}
		a.op("MOVD", to, q)
		for i := range quarters {
			a.zip1(vector.s4, x[0][i], x[2][i], t[0])
			a.zip1(vector.s4, x[1][i], x[3][i], t[1])
			a.zip2(vector.s4, x[0][i], x[2][i], t[2])
			a.zip2(vector.s4, x[1][i], x[3][i], t[3])
			a.zip1(vector.s4, t[0], t[1], x[0][i])
			a.zip2(vector.s4, t[0], t[1], x[1][i])
			a.zip1(vector.s4, t[2], t[3], x[2][i])
			a.zip2(vector.s4, t[2], t[3], x[3][i])
			for _, column := range x {
				a.op("VST1.P", group(column[i]), after(q, toStride))
			}
		}
	})
	a.op("ADD", toNext, to)
	a.op("ADD", fromNext, from)
	a.op("SUB", imm(1), count)
	a.op("CBNZ", count, "square")
	a.op("RET")
}
