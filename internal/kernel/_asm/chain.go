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
	w := &walk{isa: s, chain: c, args: a, memory: make([]Mem, c.Slices()), place: GP64()}
	XORQ(w.place, w.place)
	for i := range w.memory {
		p := GP64()
		MOVQ(field(a, layout.ChainSlices+8*i), p)
		switch {
		case c.IsNumber(i):
			v := s.register()
			VBROADCASTSS(Mem{Base: p}, v)
			w.numbers = append(w.numbers, v)
		case i == c.Small:
			w.memory[i], w.small = Mem{Base: p}, p
		default:
			w.memory[i] = Mem{Base: p, Index: w.place, Scale: 1}
		}
	}
	w.functions = s.functions(c)
	n := GP64()
	if c.Small < 0 {
		MOVQ(field(a, layout.ChainCols), n)
		w.row(n)
		VZEROUPPER()
		RET()
		return
	}
	w.smallStep = GP64()
	MOVQ(field(a, layout.ChainSmallStep), w.smallStep)
	planes, rowsLeft := local(8), local(8)
	move(field(a, layout.ChainPlanes), planes)
	Label("plane")
	move(field(a, layout.ChainRows), rowsLeft)
	Label("row")
	MOVQ(field(a, layout.ChainCols), n)
	w.row(n)
	ADDQ(field(a, layout.ChainRowSkip), w.place)
	ADDQ(field(a, layout.ChainSmallRowSkip), w.small)
	DECQ(rowsLeft)
	JNZ(LabelRef("row"))
	ADDQ(field(a, layout.ChainPlaneSkip), w.place)
	ADDQ(field(a, layout.ChainSmallPlaneSkip), w.small)
	DECQ(planes)
	JNZ(LabelRef("plane"))
	VZEROUPPER()
	RET()
}

// walk is a chain's way through a box.
type walk struct {
	isa
	chain     *chain.Chain
	args      reg.Register
	functions *functions
	memory    []Mem            // the block of every slice
	numbers   []reg.VecVirtual // instead of the last inputs
	place     reg.GPVirtual    // of the block, from the pointers to slices
	small     reg.GPVirtual    // points to the block of the small slice
	smallStep reg.GPVirtual    // to the next one
}

// row computes a row of n blocks: one by one, or overlapped where steps take long and
// there are registers for it.
func (w *walk) row(n reg.GPVirtual) {
	if w.bytes == 64 && w.functions.exponentials {
		w.overlapped(n)
		return
	}
	Label("loop")
	w.block()
	DECQ(n)
	JNZ(LabelRef("loop"))
}

// block computes a block and goes behind it.
func (w *walk) block() {
	for disp := 0; disp < blockBytes; disp += w.bytes {
		w.steps(w.functions.block(nil), w.inputs(w.memory, disp), w.memory, disp)
	}
	w.advance(1)
}

// advance goes behind n blocks.
func (w *walk) advance(n int) {
	ADDQ(I32(n*blockBytes), w.place)
	if w.small != nil {
		for range n {
			ADDQ(w.smallStep, w.small)
		}
	}
}

// inputs loads a part of a block of every input.
func (w *walk) inputs(memory []Mem, disp int) []reg.VecVirtual {
	values := w.registers(w.chain.Inputs - w.chain.Numbers)
	for i, v := range values {
		VMOVUPS(memory[i].Offset(disp), v)
	}
	return append(values, w.numbers...)
}

// steps computes a part of a block from its inputs and stores the outputs. What takes
// long and follows each other is computed together.
func (w *walk) steps(f *functions, values []reg.VecVirtual, memory []Mem, disp int) {
	c := w.chain
	for next := len(values) - c.Inputs; next < len(c.Steps); {
		long := f.long(c.Steps[next:], len(values))
		results := f.together(long, values)
		if len(long) == 0 {
			results = append(results, f.step(c.Steps[next], values))
		}
		for _, v := range results {
			values = append(values, v)
			for i, o := range c.Outputs {
				if o.Value == len(values)-1 {
					VMOVUPS(v, memory[c.Inputs+i].Offset(disp))
				}
			}
		}
		next += len(results)
	}
}

// functions computes the operations of a chain. Constants stay in registers where
// there are enough of them, else they are loaded where they are used.
type functions struct {
	isa
	zero, one    reg.VecVirtual
	exponentials bool          // are needed
	decays       map[int]decay // of the chain's values, in the block that is computed
	memory       []Mem         // of its slices
}

func (s isa) functions(c *chain.Chain) *functions {
	f := &functions{isa: s, zero: s.register()}
	s.zero(f.zero)
	has := func(list ...chain.Op) bool {
		return slices.ContainsFunc(c.Steps, func(step chain.Step) bool { return slices.Contains(list, step.Op) })
	}
	f.exponentials = has(chain.Sigmoid, chain.Tanh)
	if s.bytes == 64 {
		if f.exponentials || has(chain.Less, chain.SigmoidGradient, chain.TanhGradient) {
			f.one = s.constant(1)
		}
	}
	return f
}

// block is the functions for a part of a block, whose code takes turns.
func (f *functions) block(turn func()) *functions {
	b := *f
	b.isa, b.decays = f.with(turn), map[int]decay{}
	return &b
}

// long is the steps at the beginning that take long and have operands among the first n
// values.
func (f *functions) long(steps []chain.Step, n int) []chain.Step {
	for i, s := range steps {
		if (s.Op != chain.Sigmoid && s.Op != chain.Tanh) || s.A >= n {
			return steps[:i]
		}
	}
	return steps
}

// together computes steps that take long.
func (f *functions) together(steps []chain.Step, values []reg.VecVirtual) []reg.VecVirtual {
	results := make([]reg.VecVirtual, len(steps))
	var pieces []func(func())
	for i, step := range steps {
		d := f.decayOf(step.A, values[step.A])
		pieces = append(pieces, func(turn func()) {
			if s := f.with(turn); step.Op == chain.Sigmoid {
				results[i] = s.sigmoid(d, f.number(1))
			} else {
				results[i] = s.tanh(d)
			}
		})
	}
	together(f.next, pieces...)
	return results
}

// decayOf is what sigmoid and tanh of a value are made of.
func (f *functions) decayOf(value int, x reg.VecVirtual) decay {
	d, ok := f.decays[value]
	if !ok {
		d = f.decay(x, f.number(1))
		f.decays[value] = d
	}
	return d
}

// operand is a value. An input that is not in a register any more is loaded again.
func (f *functions) operand(values []reg.VecVirtual, i int) reg.VecVirtual {
	if values[i] != nil {
		return values[i]
	}
	v := f.register()
	VMOVUPS(f.memory[i], v)
	return v
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

// step is the result of an operation that does not take long, in a register of its own.
func (f *functions) step(step chain.Step, values []reg.VecVirtual) reg.VecVirtual {
	a, b, to := f.operand(values, step.A), reg.VecVirtual(nil), f.register()
	if step.Op.Operands() == 2 {
		b = f.operand(values, step.B)
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
	case chain.SigmoidGradient:
		less := f.register()
		VSUBPS(a, f.number(1), less)
		VMULPS(a, b, to)
		VMULPS(less, to, to)
	case chain.TanhGradient:
		VMULPS(a, a, to)
		VSUBPS(to, f.number(1), to)
		VMULPS(b, to, to)
	}
	return to
}
