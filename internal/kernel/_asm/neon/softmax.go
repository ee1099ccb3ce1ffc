package main

import "gradus/internal/kernel/_asm/layout"

// The kernels of the loss work on one group of logits, classes one block each,
// and do a quarter of every block after the other.

const notANumber = 0x7fc00000

// lossParams are the parameters of a kernel of the loss.
func lossParams(names ...string) []param {
	var list []param
	for _, n := range names {
		list = append(list, param{n, "*float32"})
	}
	return append(list, param{"classes", "int"})
}

// eachQuarter runs f in a loop of four, and moves the pointers by a quarter.
func (a *assembler) eachQuarter(pointers []general, f func()) {
	n := a.general()
	a.op("MOVD", imm(quarters), n)
	a.label("quarter")
	f()
	for _, p := range pointers {
		a.op("ADD", imm(quarterBytes), p)
	}
	a.op("SUB", imm(1), n)
	a.op("CBNZ", n, "quarter")
}

// eachClass walks through the classes: f gets the address of a class's numbers.
func (a *assembler) eachClass(label string, x, classes general, f func(at general)) {
	p, n := a.general(), a.general()
	a.op("MOVD", x, p)
	a.op("MOVD", classes, n)
	a.label(label)
	f(p)
	a.op("ADD", imm(blockBytes), p)
	a.op("SUB", imm(1), n)
	a.op("CBNZ", n, label)
}

// largest is the largest logit of each lane, or NaN.
func (a *assembler) largest(x, classes general) vector {
	m, v := a.vector(), a.vector()
	a.op("FMOVQ", at(x, 0), m.f())
	a.eachClass("largest", x, classes, func(p general) {
		a.op("FMOVQ", at(p, 0), v.f())
		a.larger(v, m, m)
	})
	return m
}

// crossEntropy generates the kernel of the losses, of their gradient, or of both at
// once, which computes exponentials once.
func (a *assembler) crossEntropy(name, does string, losses, gradient bool) {
	names := []string{"x", "labels"}
	if gradient {
		names = []string{"dx", "x", "labels", "dloss"}
	}
	if losses {
		names = append([]string{"loss"}, names...)
	}
	a.function(name, "computes "+does+" for one group of logits.", 0, lossParams(names...), "")
	pointer, pointers := map[string]general{}, []general{}
	for _, n := range names {
		pointer[n] = a.load(n)
		pointers = append(pointers, pointer[n])
	}
	x, dx, classes := pointer["x"], pointer["dx"], a.load("classes")
	e := a.exponential()
	a.eachQuarter(pointers, func() {
		m := a.largest(x, classes)
		label, class, sum, v, same := a.vector(), a.vector(), a.vector(), a.vector(), a.vector()
		var own, given, d, negligible vector
		var to general
		a.op("FMOVQ", at(pointer["labels"], 0), label.f())
		a.zero(class)
		a.zero(sum)
		if losses {
			own = a.constantBits(notANumber) // stays NaN for a label that is no class
		}
		if gradient {
			d, given, negligible, to = a.constantBits(notANumber), a.vector(), a.constant(layout.Negligible), a.general()
			a.op("FMOVQ", at(pointer["dloss"], 0), given.f())
			a.op("MOVD", dx, to)
		}
		a.eachClass("sum", x, classes, func(p general) {
			a.op("FMOVQ", at(p, 0), v.f())
			a.equal(label, class, same)
			if losses {
				a.insert(same, v, own)
			}
			if gradient {
				a.insert(same, given, d)
			}
			a.sub(v, m, v)
			free := a.vectors
			a.exp(e, v)
			a.vectors = free
			a.add(sum, v, sum)
			a.add(class, e.one, class)
			if gradient {
				a.sub(v, negligible, same)
				a.notAbove(same, same)
				a.andNot(v, same, v)
				a.op("FMOVQ", v.f(), at(to, 0))
				a.op("ADD", imm(blockBytes), to)
			}
		})
		scale := a.vector()
		if gradient {
			a.div(d, sum, scale) // dloss / sum
		}
		if losses {
			a.log(e, sum, v)
			a.sub(own, m, own)
			a.sub(v, own, v)
			a.op("FMOVQ", v.f(), at(pointer["loss"], 0))
		}
		if !gradient {
			return
		}
		a.zero(class)
		a.eachClass("scale", dx, classes, func(p general) {
			a.op("FMOVQ", at(p, 0), v.f())
			a.equal(label, class, same)
			a.and(same, d, given)
			a.negate(given, given)
			a.multiplyAdd(v, scale, given)
			a.op("FMOVQ", given.f(), at(p, 0))
			a.add(class, e.one, class)
		})
	})
	a.op("RET")
}

func (a *assembler) wrongAnswers() {
	a.function("wrongAnswers", "has bit l set where the largest logit of lane l is not at its label.",
		0, lossParams("x", "labels"), "uint64")
	x, labels, classes := a.load("x"), a.load("labels"), a.load("classes")
	a.needConstants()
	one, bits := a.constant(1), a.constantLanes([4]uint32{1, 2, 4, 8})
	best, index, class, v := a.vector(), a.vector(), a.vector(), a.vector()
	ordered, known := a.vector(), a.vector()
	wrong, four := a.general(), a.general()
	a.op("MOVD", imm(0), wrong)
	a.eachQuarter([]general{x, labels}, func() {
		a.op("FMOVQ", at(x, 0), best.f())
		a.zero(index)
		a.zero(class)
		a.eachClass("best", x, classes, func(p general) {
			a.op("FMOVQ", at(p, 0), v.f())
			// Greater, or NaN, and the best so far is no NaN.
			a.equal(best, best, ordered)
			a.greaterEqual(best, v, known)
			a.andNot(ordered, known, ordered)
			a.insert(ordered, v, best)
			a.insert(ordered, class, index)
			a.add(class, one, class)
		})
		a.op("FMOVQ", at(labels, 0), v.f())
		a.equal(v, index, v)
		a.andNot(bits, v, v)
		a.op("VADDV", v.s4(), v)
		a.op("VMOV", v.s0(), four)
		// The first quarter's bits move down as those of the others come on top.
		a.op("LSR", imm(4), wrong)
		a.op("ORR", four.String()+"<<12", wrong)
	})
	a.result(wrong)
	a.op("RET")
}
