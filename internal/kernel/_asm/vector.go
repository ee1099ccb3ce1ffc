package main

import (
	"fmt"
	"math/bits"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// isa is an instruction set the kernels are generated for. Both compute the
// same expression trees: a block of 16 lanes is one register or two halves, and
// halves never meet before the lanes are added up.
type isa struct {
	name   string
	bytes  int    // of a register
	flat   []int  // widths of tiles with up to rows channels
	middle []int  // of tiles with one or two more
	tall   []int  // of tiles with up to twice as many
	width  int    // of tiles of weights: weights beside rows channels
	turn   func() // after instructions of code that is generated together with other code
}

// rows is the number of channels of a register tile.
const rows = 4

// lane is the size of a number, blockBytes that of a block of 16.
const (
	lane       = 4
	blockBytes = 64
)

// Tiles leave room for their operands in 32 and 16 registers. A tile of 24 sums
// has 10 or 11 loads for 24 multiply-adds; with 8 sums they are just enough to hide
// how long a multiply-add takes.
var isas = []isa{
	{name: "AVX512", bytes: 64, flat: []int{6, 3, 2, 1}, middle: []int{4, 3, 2, 1}, tall: []int{3, 2, 1}, width: 6},
	{name: "AVX2", bytes: 32, flat: []int{3, 2}, width: 3},
}

func (s isa) register() reg.VecVirtual {
	if s.bytes == 64 {
		return ZMM()
	}
	return YMM()
}

func (s isa) registers(n int) []reg.VecVirtual {
	r := make([]reg.VecVirtual, n)
	for i := range r {
		r[i] = s.register()
	}
	return r
}

// zero clears a register.
func (s isa) zero(r reg.VecVirtual) {
	if s.bytes == 64 {
		VPXORD(r, r, r)
	} else {
		VXORPS(r, r, r)
	}
}

// function begins an assembly function func name<isa>(a *args).
func (s isa) function(name, args, doc string) reg.Register {
	TEXT(name+s.name, NOSPLIT, "func(a *byte)")
	Pragma("noescape")
	Doc(fmt.Sprintf("%s%s %s The argument is a *%s.", name, s.name, doc, args))
	return Load(Param("a"), GP64())
}

// local is a variable on the stack.
func local(bytes int) Mem { return AllocLocal(bytes) }

// move copies eight bytes from memory to memory.
func move(from, to Mem) {
	t := GP64()
	MOVQ(from, t)
	MOVQ(t, to)
}

// field addresses a field of a struct.
func field(base reg.Register, offset int) Mem { return Mem{Base: base, Disp: offset} }

// end is the address behind a list, on the stack. Go code cannot pass it: a
// pointer must not leave its allocation.
func (s isa) end(a reg.Register, list, size int) Mem {
	m, t := local(8), GP64()
	MOVQ(field(a, list), t)
	ADDQ(field(a, size), t)
	MOVQ(t, m)
	return m
}

// subsets is all non-empty subsets of width bits.
func subsets(width int) []int {
	var sets []int
	for set := 1; set < 1<<width; set++ {
		sets = append(sets, set)
	}
	return sets
}

// choose calls f once for every set, in ascending order a list of bits, after a
// tree of comparisons of the number in memory with them; the last comes first. f
// must end with a jump.
func choose(name string, mask Mem, sets []int, f func(set int, members []int)) {
	label := func(set int) string { return fmt.Sprintf("%s_%d", name, set) }
	last := sets[len(sets)-1]
	if len(sets) == 1 { // no question
		f(last, bitsOf(last))
		return
	}
	CMPL(mask, U8(last))
	JEQ(LabelRef(label(last)))
	var tree func(sets []int)
	tree = func(sets []int) {
		if len(sets) == 1 {
			JMP(LabelRef(label(sets[0])))
			return
		}
		half := len(sets) / 2
		CMPL(mask, U8(sets[half]))
		right := fmt.Sprintf("%s_from_%d_of_%d", name, sets[half], len(sets))
		JGE(LabelRef(right))
		tree(sets[:half])
		Label(right)
		tree(sets[half:])
	}
	tree(sets)
	for i := len(sets) - 1; i >= 0; i-- {
		Label(label(sets[i]))
		f(sets[i], bitsOf(sets[i]))
	}
}

// bitsOf lists the bits of a set.
func bitsOf(set int) []int {
	var members []int
	for bit := range bits.Len(uint(set)) {
		if set>>bit&1 == 1 {
			members = append(members, bit)
		}
	}
	return members
}
