package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// sumTurns is how many sums of blocks take turns in a row. It is part of the
// definition of a sum.
const sumTurns = 4

// sumRows generates func sumRows(out, x *float32, n, rows int): the sum of n blocks
// is added onto each of so many numbers. With 32 registers four rows are added up
// side by side: of a short row the sum over the lanes takes longest, and of all four it
// takes little more time than of one.
func (s isa) sumRows() {
	TEXT("sumRows"+s.name, NOSPLIT, "func(out, x *float32, n, rows int)")
	Pragma("noescape")
	Doc("sumRows" + s.name + " adds the sum of n blocks onto each of so many numbers: block i onto sum i%4, the four sums as a tree, then the lanes.")
	out, x, n, rows := Load(Param("out"), GP64()), Load(Param("x"), GP64()), Load(Param("n"), GP64()), Load(Param("rows"), GP64())
	size, size3, left := GP64(), GP64(), GP64() // of one row and of three, in bytes
	MOVQ(n, size)
	SHLQ(U8(6), size)
	LEAQ(Mem{Base: size, Index: size, Scale: 2}, size3)
	at := []Mem{{Base: x}, {Base: x, Index: size, Scale: 1}, {Base: x, Index: size, Scale: 2}, {Base: x, Index: size3, Scale: 1}}

	// together adds up so many rows at a time.
	together := func(count int) {
		label := func(what string) string { return fmt.Sprintf("%s_%d", what, count) }
		Label(label("rows"))
		CMPQ(rows, Imm(uint64(count)))
		JLT(LabelRef(label("end")))
		MOVQ(n, left)
		sums := s.sums(count, left, label, func(sum reg.VecVirtual, row, disp int) {
			m := at[row]
			m.Disp = disp
			VADDPS(m, sum, sum)
		}, x)
		if count == 1 {
			total := s.addLanes(sums)[0].r.AsX()
			VADDSS(Mem{Base: out}, total, total)
			VMOVSS(total, Mem{Base: out})
		} else {
			total := s.packed(s.addLanes(sums)[0], count).AsX()
			VADDPS(Mem{Base: out}, total, total)
			VMOVUPS(total, Mem{Base: out})
			ADDQ(size3, x) // the first row is behind us
		}
		ADDQ(Imm(uint64(lane*count)), out)
		SUBQ(Imm(uint64(count)), rows)
		JMP(LabelRef(label("rows")))
		Label(label("end"))
	}
	if s.bytes == 64 {
		together(4)
	}
	together(1)
	VZEROUPPER()
	RET()
}

// packed brings the sums of a folded register to its beginning: each is the first of
// as many equal ones.
func (s isa) packed(p partial, sums int) reg.VecVirtual {
	bits := 0
	for i := 0; i < sums; i++ {
		bits |= 1 << (i * len(p.of) / sums)
	}
	mask, k := GP32(), K()
	MOVL(U32(uint32(bits)), mask)
	KMOVW(mask, k)
	VCOMPRESSPS_Z(p.r, k, p.r)
	return p.r
}

// sumProducts generates func sumProducts(x, y *float32, n int) float32: the sum of n
// blocks of rounded products.
func (s isa) sumProducts() {
	TEXT("sumProducts"+s.name, NOSPLIT, "func(x, y *float32, n int) float32")
	Pragma("noescape")
	Doc("sumProducts" + s.name + " adds up n blocks x*y as sumRows does.")
	x, y, n := Load(Param("x"), GP64()), Load(Param("y"), GP64()), Load(Param("n"), GP64())
	sums := s.sums(1, n, func(what string) string { return what }, func(sum reg.VecVirtual, _, disp int) {
		p := s.register()
		VMOVUPS(Mem{Base: x, Disp: disp}, p)
		VMULPS(Mem{Base: y, Disp: disp}, p, p)
		VADDPS(p, sum, sum)
	}, x, y)
	Store(s.addLanes(sums)[0].r.AsX(), ReturnIndex(0))
	VZEROUPPER()
	RET()
}

// sums adds up `left` blocks in each of some rows; halves of a block are added up at
// the end. add adds what is at a row's pointer and a distance onto a sum; the
// pointers go on, by the last blocks too.
func (s isa) sums(rows int, left reg.Register, label func(string) string, add func(sum reg.VecVirtual, row, disp int), pointers ...reg.Register) []reg.VecVirtual {
	halves := blockBytes / s.bytes
	sums := make([][]reg.VecVirtual, rows) // by turn and half
	for row := range sums {
		sums[row] = s.registers(sumTurns * halves)
		for _, r := range sums[row] {
			s.zero(r)
		}
	}
	block := func(i int) {
		for row := range sums {
			for h := range halves {
				add(sums[row][halves*i+h], row, i*blockBytes+h*s.bytes)
			}
		}
	}
	advance := func(blocks int) {
		for _, p := range pointers {
			ADDQ(U32(uint32(blocks*blockBytes)), p)
		}
	}
	Label(label("turns"))
	CMPQ(left, Imm(sumTurns))
	JLT(LabelRef(label("rest")))
	for i := range sumTurns {
		block(i)
	}
	advance(sumTurns)
	SUBQ(Imm(sumTurns), left)
	JMP(LabelRef(label("turns")))
	Label(label("rest"))
	for i := range sumTurns - 1 {
		CMPQ(left, Imm(uint64(i)))
		JEQ(LabelRef(label("done")))
		block(i)
	}
	Label(label("done"))
	SHLQ(U8(6), left)
	for _, p := range pointers {
		ADDQ(left, p)
	}
	var totals []reg.VecVirtual
	for _, of := range sums {
		for h := range halves {
			VADDPS(of[halves+h], of[h], of[h])
			VADDPS(of[3*halves+h], of[2*halves+h], of[2*halves+h])
			VADDPS(of[2*halves+h], of[h], of[h])
		}
		if halves == 2 {
			VADDPS(of[1], of[0], of[0])
		}
		totals = append(totals, of[0])
	}
	return totals
}
