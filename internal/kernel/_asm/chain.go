package main

import (
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
	"gradus/internal/kernel/chain"
)

// chain generates the kernel of a chain: for a box of columns, rows and planes of
// blocks it loads a block of every input, computes the steps and stores the
// outputs. Slices walk through the box alike, but for the small one.
func (s isa) chain(c *chain.Chain) {
	a := s.function(c.Name, "chainArgs", "computes "+c.Title+" for a box of blocks.")
	memory := make([]Mem, c.Slices())
	place := GP64()
	XORQ(place, place)
	var numbers []reg.VecVirtual
	for i := range memory {
		p := GP64()
		MOVQ(field(a, layout.ChainSlices+8*i), p)
		if c.IsNumber(i) {
			v := s.register()
			VBROADCASTSS(Mem{Base: p}, v)
			numbers = append(numbers, v)
			continue
		}
		memory[i] = Mem{Base: p, Index: place, Scale: 1}
		if i == c.Small {
			memory[i] = Mem{Base: p}
		}
	}
	f := s.functions(c)
	n := GP64()
	if c.Small < 0 {
		MOVQ(field(a, layout.ChainCols), n)
		Label("loop")
		s.steps(c, f, memory, numbers)
		ADDQ(Imm(blockBytes), place)
		DECQ(n)
		JNZ(LabelRef("loop"))
		VZEROUPPER()
		RET()
		return
	}
	small := memory[c.Small].Base
	planes, rowsLeft := local(8), local(8)
	move(field(a, layout.ChainPlanes), planes)
	Label("plane")
	move(field(a, layout.ChainRows), rowsLeft)
	Label("row")
	MOVQ(field(a, layout.ChainCols), n)
	Label("loop")
	s.steps(c, f, memory, numbers)
	ADDQ(Imm(blockBytes), place)
	ADDQ(field(a, layout.ChainSmallStep), small)
	DECQ(n)
	JNZ(LabelRef("loop"))
	ADDQ(field(a, layout.ChainRowSkip), place)
	ADDQ(field(a, layout.ChainSmallRowSkip), small)
	DECQ(rowsLeft)
	JNZ(LabelRef("row"))
	ADDQ(field(a, layout.ChainPlaneSkip), place)
	ADDQ(field(a, layout.ChainSmallPlaneSkip), small)
	DECQ(planes)
	JNZ(LabelRef("plane"))
	VZEROUPPER()
	RET()
}

// steps computes one block: all inputs are loaded before anything is stored.
func (s isa) steps(c *chain.Chain, f *functions, memory []Mem, numbers []reg.VecVirtual) {
	for disp := 0; disp < blockBytes; disp += s.bytes {
		values := s.registers(c.Inputs - c.Numbers)
		for i, v := range values {
			VMOVUPS(memory[i].Offset(disp), v)
		}
		values = append(values, numbers...)
		f.begin()
		for _, step := range c.Steps {
			values = append(values, f.step(step, values))
			for i, o := range c.Outputs {
				if o.Value == len(values)-1 {
					VMOVUPS(values[o.Value], memory[c.Inputs+i].Offset(disp))
				}
			}
		}
	}
}

// functions computes the operations of a chain. Constants stay in registers where
// there are enough of them, else they are loaded where they are used.
type functions struct {
	isa
	zero, one reg.VecVirtual
	exp       exponential
	decays    map[int]decay // of the chain's values, in the block that is computed
}

func (s isa) functions(c *chain.Chain) *functions {
	f := &functions{isa: s, zero: s.register()}
	s.zero(f.zero)
	if s.bytes == 64 {
		has := func(list ...chain.Op) bool {
			return slices.ContainsFunc(c.Steps, func(step chain.Step) bool { return slices.Contains(list, step.Op) })
		}
		if has(chain.Less, chain.SigmoidGradient, chain.TanhGradient) {
			f.one = s.constant(1)
		}
		if has(chain.Sigmoid, chain.Tanh) {
			f.exp = s.exponential()
		}
	}
	return f
}

// begin is called before every block.
func (f *functions) begin() { f.decays = map[int]decay{} }

// decayOf is what sigmoid and tanh of a value are made of.
func (f *functions) decayOf(value int, x reg.VecVirtual) decay {
	d, ok := f.decays[value]
	if !ok {
		if f.bytes < 64 {
			f.exp = f.exponential()
		}
		d = f.decay(f.exp, x)
		f.decays[value] = d
	}
	return d
}

// number is 0 or 1 in all lanes.
func (f *functions) number(x float64) reg.VecVirtual {
	switch {
	case x == 0:
		return f.zero
	case f.one != nil:
		return f.one
	}
	return f.constant(float32(x))
}

// step is the result of an operation, in a register of its own.
func (f *functions) step(step chain.Step, values []reg.VecVirtual) reg.VecVirtual {
	a, b, to := values[step.A], reg.VecVirtual(nil), f.register()
	if step.Op.Operands() == 2 {
		b = values[step.B]
	}
	switch step.Op {
	case chain.Add:
		VADDPS(b, a, to)
	case chain.Mul:
		VMULPS(b, a, to)
	case chain.Less:
		VSUBPS(a, f.number(step.Shift), to)
	case chain.ReLU:
		to = f.whereAbove(a, a, f.zero, to)
	case chain.ReLUGradient:
		to = f.whereAbove(a, b, f.zero, to)
	case chain.Sigmoid:
		to = f.sigmoid(f.exp, f.decayOf(step.A, a), a)
	case chain.SigmoidGradient:
		less := f.register()
		VSUBPS(a, f.number(1), less)
		VMULPS(a, b, to)
		VMULPS(less, to, to)
	case chain.Tanh:
		to = f.tanh(f.exp, f.decayOf(step.A, a), a)
	case chain.TanhGradient:
		VMULPS(a, a, to)
		VSUBPS(to, f.number(1), to)
		VMULPS(b, to, to)
	}
	return to
}
