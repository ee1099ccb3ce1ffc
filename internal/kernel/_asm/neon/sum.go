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

// sumBlocks generates func sumBlocks(x *float32, n int) float32: the sum of n
// blocks. Four sums take turns, are added as a tree, then the lanes are.
func (a *assembler) sumBlocks() {
	a.function("sumBlocks", "adds up n blocks: block i onto sum i%4, the four sums as a tree, then the lanes.",
		0, []param{{"x", "*float32"}, {"n", "int"}}, "float32")
	a.sum(a.load("x"))
}

// sumProducts generates func sumProducts(x, y *float32, n int) float32: the sum of n
// blocks of rounded products.
func (a *assembler) sumProducts() {
	a.function("sumProducts", "adds up n blocks x*y as sumBlocks does.",
		0, []param{{"x", "*float32"}, {"y", "*float32"}, {"n", "int"}}, "float32")
	a.sum(a.load("x"), a.load("y"))
}

// sum adds up blocks, or products of blocks.
func (a *assembler) sum(x general, factors ...general) {
	n := a.load("n")
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
	a.result(total)
	a.op("RET")
}
