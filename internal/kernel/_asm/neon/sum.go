package main

// nonFinite generates func nonFinite(x *float32, n int) int: not 0 if any of n
// numbers, a multiple of 16, is infinite or not a number.
func (a *assembler) nonFinite() {
	a.function("nonFinite", "is not 0 if any of n numbers, a multiple of 16, is infinite or not a number.",
		0, []param{{"x", "*float32"}, {"n", "int"}}, "int")
	x, n := a.load("x"), a.load("n")
	block, seen := a.vectorsOf(quarters), a.vector()
	a.zero(seen)
	a.label("loop")
	a.op("VLD1.P", at(x, blockBytes), group(block...))
	for _, v := range block {
		a.sub(v, v, v) // 0 of finite numbers, else NaN
		a.or(v, seen, seen)
	}
	a.op("SUB", imm(blockBytes/4), n)
	a.op("CBNZ", n, "loop")
	lo, hi := a.general(), a.general()
	a.op("VMOV", seen.d(0), lo)
	a.op("VMOV", seen.d(1), hi)
	a.op("ORR", hi, lo)
	a.result(lo)
	a.op("RET")
}

// sumRows generates func sumRows(out, x *float32, n, rows int): the sum of n blocks is
// added onto each of so many numbers. Four sums take turns, are added as a tree, then
// the lanes are.
func (a *assembler) sumRows() {
	a.function("sumRows", "adds the sum of n blocks onto each of so many numbers: block i onto sum i%4, the four sums as a tree, then the lanes.",
		0, []param{{"out", "*float32"}, {"x", "*float32"}, {"n", "int"}, {"rows", "int"}}, "")
	out, x, n, rows, left := a.load("out"), a.load("x"), a.load("n"), a.load("rows"), a.general()
	sum := a.vector()
	a.label("row")
	a.op("MOVD", n, left)
	total := a.sum(left, x)
	a.op("FMOVS", at(out, 0), sum.f())
	a.op("FADDS", total.f(), sum.f())
	a.op("FMOVS", sum.f(), at(out, 0))
	a.op("ADD", imm(4), out)
	a.op("SUB", imm(1), rows)
	a.op("CBNZ", rows, "row")
	a.op("RET")
}

// sumProducts generates func sumProducts(x, y *float32, n int) float32: the sum of n
// blocks of rounded products.
func (a *assembler) sumProducts() {
	a.function("sumProducts", "adds up n blocks x*y as sumRows does.",
		0, []param{{"x", "*float32"}, {"y", "*float32"}, {"n", "int"}}, "float32")
	x, y, n := a.load("x"), a.load("y"), a.load("n")
	a.result(a.sum(n, x, y))
	a.op("RET")
}

// sum adds up n blocks, or products of blocks; the pointers go on, n becomes 0.
func (a *assembler) sum(n, x general, factors ...general) vector {
	block, factor := a.vectorsOf(quarters), a.vectorsOf(quarters)
	sums := make([][]vector, 4)
	for i := range sums {
		sums[i] = a.vectorsOf(quarters)
		for _, v := range sums[i] {
			a.zero(v)
		}
	}
	addBlock := func(i int) {
		a.op("VLD1.P", at(x, blockBytes), group(block...))
		for _, y := range factors {
			a.op("VLD1.P", at(y, blockBytes), group(factor...))
			for q, v := range block {
				a.mul(v, factor[q], v)
			}
		}
		for q, v := range sums[i] {
			a.add(v, block[q], v)
		}
	}
	a.label("four")
	a.op("CMP", imm(len(sums)), n)
	a.op("BLT", "rest")
	for i := range sums {
		addBlock(i)
	}
	a.op("SUB", imm(len(sums)), n)
	a.op("B", "four")
	a.label("rest")
	for i := range len(sums) - 1 {
		a.op("CBZ", n, "done")
		addBlock(i)
		a.op("SUB", imm(1), n)
	}
	a.label("done")
	for q := range quarters {
		a.add(sums[0][q], sums[1][q], sums[0][q])
		a.add(sums[2][q], sums[3][q], sums[2][q])
		a.add(sums[0][q], sums[2][q], sums[0][q])
	}
	total, upper := sums[0][0], block[0]
	a.addQuarters(total, sums[0][1], sums[0][2], sums[0][3])
	a.zip2(vector.d2, total, total, upper)
	a.add(total, upper, total)
	a.addPairs(total, total, total)
	return total
}
