package main

import (
	"iter"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/reg"
)

// Processors look for something to do among the next hundred instructions only. What
// waits for itself most of the time, as a series does, leaves them without work unless
// something independent lies in between.

// together generates pieces of code in turns, an instruction of each. A piece calls
// the function it is given after every instruction another one may come behind.
func together(next func(), pieces ...func(next func())) {
	var turns []func() (struct{}, bool)
	for _, piece := range pieces {
		turn, stop := iter.Pull(func(yield func(struct{}) bool) { piece(func() { yield(struct{}{}) }) })
		defer stop()
		turns = append(turns, turn)
	}
	for going := true; going; {
		going = false
		for _, turn := range turns {
			_, more := turn()
			going = going || more
		}
		next() // together with others, too
	}
}

// next ends a turn of code that is generated together with other code.
func (s isa) next() {
	if s.turn != nil {
		s.turn()
	}
}

// with is an instruction set whose code takes turns.
func (s isa) with(turn func()) isa {
	s.turn = turn
	return s
}

// These are instructions in the order in which one writes formulas, each a turn.

func (s isa) add(x, y, to reg.VecVirtual) { VADDPS(y, x, to); s.next() }
func (s isa) sub(x, y, to reg.VecVirtual) { VSUBPS(y, x, to); s.next() }
func (s isa) mul(x, y, to reg.VecVirtual) { VMULPS(y, x, to); s.next() }

// multiplyAdd adds x*y, rounded once, onto a sum, and multiplySub subtracts it.
func (s isa) multiplyAdd(x, y, sum reg.VecVirtual) { VFMADD231PS(y, x, sum); s.next() }
func (s isa) multiplySub(x, y, sum reg.VecVirtual) { VFNMADD231PS(y, x, sum); s.next() }

// These take a constant from memory, in its place where the instruction set can.

func (s isa) addNumber(x reg.VecVirtual, number float32, to reg.VecVirtual) {
	if s.bytes == 64 {
		VADDPS_BCST(constData(number), x, to)
	} else {
		VADDPS(s.constant(number), x, to)
	}
	s.next()
}

func (s isa) multiplyAddNumber(x reg.VecVirtual, number float32, sum reg.VecVirtual) {
	if s.bytes == 64 {
		VFMADD231PS_BCST(constData(number), x, sum)
	} else {
		VFMADD231PS(s.constant(number), x, sum)
	}
	s.next()
}
