package main

// elementwise generates func name(y, a, b, ... *float32, p, ... float32, n int)
// for n numbers, a multiple of 16. Body computes a register of the result from
// one of each operand, which it may overwrite, and the numbers in all lanes.
func (a *assembler) elementwise(name, doc string, operands, numbers int, prepare func(), body func(to vector, x, c []vector)) {
	var params []param
	for _, n := range []string{"y", "a", "b"}[:1+operands] {
		params = append(params, param{n, "*float32"})
	}
	for _, n := range []string{"p", "q"}[:numbers] {
		params = append(params, param{n, "float32"})
	}
	a.function(name, "computes "+doc+" for n numbers, a multiple of 16.", 0, append(params, param{"n", "int"}), "")

	y, n := a.load("y"), a.load("n")
	results := a.vectorsOf(quarters)
	var from []general
	var blocks [][]vector
	for _, p := range params[1 : 1+operands] {
		from, blocks = append(from, a.load(p.name)), append(blocks, a.vectorsOf(quarters))
	}
	c := a.vectorsOf(numbers)
	for i, p := range params[1+operands:] {
		a.broadcast(p.name, c[i])
	}
	if prepare != nil {
		prepare()
	}
	a.label("loop")
	for i, block := range blocks {
		a.op("VLD1.P", at(from[i], blockBytes), group(block...))
	}
	for q, to := range results {
		var x []vector
		for _, block := range blocks {
			x = append(x, block[q])
		}
		free := a.vectors
		body(to, x, c)
		a.vectors = free // what it has needed
	}
	a.op("VST1.P", group(results...), at(y, blockBytes))
	a.op("SUB", imm(blockBytes/4), n)
	a.op("CBNZ", n, "loop")
	a.op("RET")
}

// elementwiseKernels generates the operations that look at one place at a time.
func (a *assembler) elementwiseKernels() {
	var one vector
	needOne := func() { a.needConstants(); one = a.constant(1) }

	a.elementwise("relu", "y = a where not a <= 0, else 0,", 1, 0, nil, func(to vector, x, _ []vector) {
		a.notAbove(x[0], to)
		a.andNot(x[0], to, to)
	})
	a.elementwise("reluGradient", "y = b where not a <= 0, else 0,", 2, 0, nil, func(to vector, x, _ []vector) {
		a.notAbove(x[0], to)
		a.andNot(x[1], to, to)
	})
	a.elementwise("affine", "y = a*p + q, rounded once,", 1, 2, nil, func(to vector, x, c []vector) {
		a.move(c[1], to)
		a.multiplyAdd(x[0], c[0], to)
	})
	a.elementwise("add", "y = a + b", 2, 0, nil, func(to vector, x, _ []vector) { a.add(x[0], x[1], to) })
	a.elementwise("addScalar", "y = a + p", 1, 1, nil, func(to vector, x, c []vector) { a.add(x[0], c[0], to) })
	a.elementwise("mul", "y = a * b", 2, 0, nil, func(to vector, x, _ []vector) { a.mul(x[0], x[1], to) })
	a.elementwise("mulScalar", "y = a * p", 1, 1, nil, func(to vector, x, c []vector) { a.mul(x[0], c[0], to) })
	a.elementwise("sigmoidGradient", "y = b*a*(1-a)", 2, 0, needOne, func(to vector, x, _ []vector) {
		a.sub(one, x[0], to)
		a.mul(x[1], x[0], x[1])
		a.mul(x[1], to, to)
	})
	a.elementwise("tanhGradient", "y = b*(1-a*a)", 2, 0, needOne, func(to vector, x, _ []vector) {
		a.mul(x[0], x[0], to)
		a.sub(one, to, to)
		a.mul(x[1], to, to)
	})
	a.elementwise("sgdVelocity", "y = p*a + b", 2, 1, nil, func(to vector, x, c []vector) {
		a.mul(x[0], c[0], to)
		a.add(to, x[1], to)
	})
	a.elementwise("sgdStep", "y = a - p*b", 2, 1, nil, func(to vector, x, c []vector) {
		a.mul(x[1], c[0], to)
		a.sub(x[0], to, to)
	})
	var e exponential
	a.elementwise("sigmoid", "y = 1/(1+exp(-a))", 1, 0, func() { e = a.exponential() }, func(to vector, x, _ []vector) {
		a.sigmoid(e, a.decay(e, x[0]), x[0], to)
	})
	a.elementwise("tanh", "y = tanh(a)", 1, 0, func() { e = a.exponential() }, func(to vector, x, _ []vector) {
		a.tanh(e, a.decay(e, x[0]), x[0], to)
	})
}
