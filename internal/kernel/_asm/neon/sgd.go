package main

// sgd generates func sgd(v1, w1, v, w, dw *float32, momentum, rate float32, n int):
// sgdVelocity and sgdStep in one pass.
func (a *assembler) sgd() {
	a.function("sgd", "computes v1 = momentum*v + dw and w1 = w - rate*v1 for n numbers, a multiple of 16.", 0, []param{
		{"v1", "*float32"}, {"w1", "*float32"}, {"v", "*float32"}, {"w", "*float32"}, {"dw", "*float32"},
		{"momentum", "float32"}, {"rate", "float32"}, {"n", "int"},
	}, "")
	v1, w1, v, w, dw := a.load("v1"), a.load("w1"), a.load("v"), a.load("w"), a.load("dw")
	n, numbers := a.load("n"), a.vectorsOf(2)
	momentum, rate := numbers[0], numbers[1]
	a.broadcast("momentum", momentum)
	a.broadcast("rate", rate)
	x, y, z := a.vectorsOf(quarters), a.vectorsOf(quarters), a.vectorsOf(quarters)
	a.label("loop")
	a.op("VLD1.P", at(v, blockBytes), group(x...))
	a.op("VLD1.P", at(w, blockBytes), group(y...))
	a.op("VLD1.P", at(dw, blockBytes), group(z...))
	for q := range quarters {
		a.mul(x[q], momentum, x[q])
		a.add(x[q], z[q], x[q])
		a.mul(x[q], rate, z[q])
		a.sub(y[q], z[q], y[q])
	}
	a.op("VST1.P", group(x...), at(v1, blockBytes))
	a.op("VST1.P", group(y...), at(w1, blockBytes))
	a.op("SUB", imm(blockBytes/4), n)
	a.op("CBNZ", n, "loop")
	a.op("RET")
}
