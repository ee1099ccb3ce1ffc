package main

import (
	"slices"

	"gradus/internal/kernel/_asm/layout"
	"gradus/internal/kernel/chain"
)

// chain generates the kernel of a chain: for a box of columns, rows and planes of
// blocks it loads a quarter of every input, computes the steps and stores the
// outputs. Slices walk through the box alike, but for the small one.
func (a *assembler) chain(c *chain.Chain) {
	a.function(c.Name, "computes "+c.Title+" for a box of blocks. The argument is a *chainArgs.", 0, []param{{"a", "*byte"}}, "")
	arg := a.load("a")
	var memory []general
	var numbers []vector
	for i := range c.Slices() {
		memory = append(memory, a.general())
		a.op("MOVD", at(arg, layout.ChainSlices+8*i), memory[i])
		if c.IsNumber(i) {
			v := a.vector()
			a.op("VLD1R", at(memory[i], 0), group(v))
			numbers = append(numbers, v)
		}
	}
	f := a.functions(c)
	n, t := a.general(), a.general()
	step, rowsLeft, planes := a.general(), a.general(), a.general()
	skip := func(big, small int) { // to the next row or plane
		for i, m := range memory {
			if c.IsNumber(i) {
				continue
			}
			field := big
			if i == c.Small {
				field = small
			}
			a.op("MOVD", at(arg, field), t)
			a.op("ADD", t, m)
		}
	}
	if c.Small >= 0 {
		a.op("MOVD", at(arg, layout.ChainSmallStep), step)
		a.op("LSR", imm(2), step)
		a.op("MOVD", at(arg, layout.ChainPlanes), planes)
		a.label("plane")
		a.op("MOVD", at(arg, layout.ChainRows), rowsLeft)
		a.label("row")
	}
	a.op("MOVD", at(arg, layout.ChainCols), n)
	a.op("LSL", imm(2), n)
	a.label("loop")
	a.steps(c, f, memory, numbers, step)
	a.op("SUB", imm(1), n)
	a.op("CBNZ", n, "loop")
	if c.Small >= 0 {
		skip(layout.ChainRowSkip, layout.ChainSmallRowSkip)
		a.op("SUB", imm(1), rowsLeft)
		a.op("CBNZ", rowsLeft, "row")
		skip(layout.ChainPlaneSkip, layout.ChainSmallPlaneSkip)
		a.op("SUB", imm(1), planes)
		a.op("CBNZ", planes, "plane")
	}
	a.op("RET")
}

// steps computes a quarter of a block and moves on. All inputs are loaded before
// anything is stored.
func (a *assembler) steps(c *chain.Chain, f *functions, memory []general, numbers []vector, step general) {
	free := a.vectors
	access := func(op string, i int, v vector) {
		if i != c.Small {
			op += ".P"
		}
		operands := []any{at(memory[i], 0), group(v)}
		if i != c.Small {
			operands[0] = at(memory[i], quarterBytes)
		}
		if op[:3] == "VST" {
			slices.Reverse(operands)
		}
		a.op(op, operands...)
		if i == c.Small {
			a.op("ADD", step, memory[i])
		}
	}
	values := a.vectorsOf(c.Inputs - c.Numbers)
	for i, v := range values {
		access("VLD1", i, v)
	}
	values = append(values, numbers...)
	f.decays = map[int]decay{}
	for _, s := range c.Steps {
		f.prepare(s, values)
		to := a.vector()
		temporary := a.vectors
		f.step(s, values, to)
		a.vectors = temporary
		values = append(values, to)
		for i, o := range c.Outputs {
			if o.Value == len(values)-1 {
				access("VST1", c.Inputs+i, to)
			}
		}
	}
	a.vectors = free
}

// functions computes the operations of a chain, with constants in registers.
type functions struct {
	*assembler
	zero, one vector
	exp       exponential
	decays    map[int]decay // of the chain's values, in the quarter that is computed
}

// prepare computes what sigmoid and tanh of a value are made of.
func (f *functions) prepare(step chain.Step, values []vector) {
	if _, ok := f.decays[step.A]; !ok && (step.Op == chain.Sigmoid || step.Op == chain.Tanh) {
		f.decays[step.A] = f.decay(f.exp, values[step.A])
	}
}

func (a *assembler) functions(c *chain.Chain) *functions {
	f := &functions{assembler: a, zero: a.vector()}
	a.zero(f.zero)
	has := func(list ...chain.Op) bool {
		return slices.ContainsFunc(c.Steps, func(step chain.Step) bool { return slices.Contains(list, step.Op) })
	}
	switch {
	case has(chain.Sigmoid, chain.Tanh):
		f.exp = a.exponential()
		f.one = f.exp.one
	case has(chain.Less, chain.SigmoidGradient, chain.TanhGradient):
		a.needConstants()
		f.one = a.constant(1)
	}
	return f
}

// step computes an operation and leaves its operands as they are.
func (f *functions) step(step chain.Step, values []vector, to vector) {
	x, y := values[step.A], vector(0)
	if step.Op.Operands() == 2 {
		y = values[step.B]
	}
	switch step.Op {
	case chain.Add:
		f.add(x, y, to)
	case chain.Mul:
		f.mul(x, y, to)
	case chain.Less:
		from := f.zero
		if step.Shift == 1 {
			from = f.one
		}
		f.sub(from, x, to)
	case chain.ReLU:
		f.notAbove(x, to)
		f.andNot(x, to, to)
	case chain.ReLUGradient:
		f.notAbove(x, to)
		f.andNot(y, to, to)
	case chain.Sigmoid:
		f.sigmoid(f.exp, f.decays[step.A], x, to)
	case chain.SigmoidGradient:
		t := f.vector()
		f.sub(f.one, x, to)
		f.mul(y, x, t)
		f.mul(t, to, to)
	case chain.Tanh:
		f.tanh(f.exp, f.decays[step.A], x, to)
	case chain.TanhGradient:
		f.mul(x, x, to)
		f.sub(f.one, to, to)
		f.mul(y, to, to)
	}
}
