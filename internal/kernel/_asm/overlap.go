package main

import (
	"slices"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/chain"
)

// A chain with exponentials is computed in two stages: the decay that exponentials are
// made of, and all that comes of it. The steps of a block wait for each other most of
// the time, so the second stage of some blocks and the first of the next take
// turns. In one stage so many blocks would need more registers than there are.

// beside is how many blocks are in the same stage at once.
const beside = 2

// overlapped computes a row of n blocks.
func (w *walk) overlapped(n reg.GPVirtual) {
	var decays [2][beside]decay // between the stages, of these blocks and of the next
	for i := range decays {
		for k := range decays[i] {
			decays[i][k] = decay{exp: w.register(), less: w.register(), sign: sign{mask: K()}}
		}
	}
	const round = len(decays) * beside // blocks
	SUBQ(Imm(uint64(round)), n)
	JL(LabelRef("rest"))
	w.together(w.first(0, &decays[0]))
	Label("loop")
	w.together(w.second(0, &decays[0]), w.first(beside, &decays[1]))
	SUBQ(Imm(uint64(round)), n)
	JL(LabelRef("last"))
	w.together(w.second(beside, &decays[1]), w.first(2*beside, &decays[0]))
	w.advance(round)
	JMP(LabelRef("loop"))
	Label("last")
	w.together(w.second(beside, &decays[1]))
	w.advance(round)
	Label("rest")
	ADDQ(Imm(uint64(round-beside)), n)
	JL(LabelRef("fewer"))
	w.together(w.first(0, &decays[0]))
	w.together(w.second(0, &decays[0]))
	w.advance(beside)
	SUBQ(Imm(beside), n)
	Label("fewer")
	ADDQ(Imm(beside), n)
	JZ(LabelRef("done"))
	Label("single")
	w.block()
	DECQ(n)
	JNZ(LabelRef("single"))
	Label("done")
}

// together generates stages in turns.
func (w *walk) together(stages ...[]func(func())) { together(w.next, slices.Concat(stages...)...) }

// begin is the number of steps before the first exponential, whose operand is the
// last one's result.
func (w *walk) begin() int {
	return slices.IndexFunc(w.chain.Steps, func(s chain.Step) bool { return s.Op == chain.Sigmoid || s.Op == chain.Tanh })
}

// first is the first stage of blocks, the k-th from here and those behind.
func (w *walk) first(k int, to *[beside]decay) (pieces []func(func())) {
	for i := range to {
		values := w.inputs(w.ahead(k+i), 0)
		pieces = append(pieces, func(turn func()) {
			f := w.functions.block(turn)
			for _, step := range w.chain.Steps[:w.begin()] {
				values = append(values, f.step(step, values))
			}
			x := values[len(values)-1]
			VPMOVD2M(x, to[i].sign.mask)
			turn()
			f.decayTo(to[i], x, f.one)
		})
	}
	return pieces
}

// second is their second stage. It loads inputs again, but not the small one.
func (w *walk) second(k int, from *[beside]decay) (pieces []func(func())) {
	for i := range from {
		pieces = append(pieces, func(turn func()) {
			f := w.functions.block(turn)
			f.memory = offset(w.memory, k+i)
			if w.small != nil {
				f.memory[w.chain.Small] = Mem{}
			}
			values := make([]reg.VecVirtual, w.chain.Inputs+w.begin())
			f.decays[len(values)-1] = f.withMore(from[i], f.one)
			w.steps(f, values, f.memory, 0)
		})
	}
	return pieces
}

// ahead is the memory of the k-th block from here.
func (w *walk) ahead(k int) []Mem {
	memory := offset(w.memory, k)
	if w.small != nil {
		p := GP64()
		MOVQ(w.small, p)
		for range k {
			ADDQ(w.smallStep, p)
		}
		memory[w.chain.Small] = Mem{Base: p}
	}
	return memory
}

// offset is the memory k blocks further on.
func offset(memory []Mem, k int) []Mem {
	memory = slices.Clone(memory)
	for i, m := range memory {
		memory[i] = m.Offset(k * blockBytes)
	}
	return memory
}
