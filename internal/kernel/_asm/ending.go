package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// Comparisons that are false, or true, for NaN.
const (
	greaterOrEqual    = 13
	notGreaterOrEqual = 9
)

// finish adds what is to be added and stores the sums: as they are, where they are
// above 0, or where another block is above 0.
func (k *multiplier) finish(acc [][]reg.VecVirtual) {
	CMPQ(field(k.a, layout.TileAdd), Imm(0))
	JEQ(k.ref("sums"))
	add, gate := field(k.a, layout.TileAdd), field(k.a, layout.TileGate)
	k.results(&add, func(p, r int, _, other Mem) { VADDPS(other, acc[r][p], acc[r][p]) })
	Label(k.label("sums"))
	CMPQ(field(k.a, layout.TileFinish), Imm(layout.FinishReLU))
	JEQ(k.ref("relu"))
	JGT(k.ref("gate"))
	if k.bytes == 64 {
		k.spaced(acc)
	}
	k.results(nil, func(p, r int, y, _ Mem) { VMOVUPS(acc[r][p], y) })
	JMP(k.ref("stored"))
	zero, x := k.operands[0], k.operands[1]
	Label(k.label("relu"))
	k.zero(zero)
	k.results(nil, func(p, r int, y, _ Mem) { VMOVUPS(k.unlessNotAbove(acc[r][p], acc[r][p], zero), y) })
	JMP(k.ref("stored"))
	Label(k.label("gate"))
	k.zero(zero)
	k.results(&gate, func(p, r int, y, other Mem) {
		VMOVUPS(k.gate(other, acc[r][p], zero, x), y)
	})
	Label(k.label("stored"))
}

// spaced stores sums after a shuffle that moves nothing: without it 24 stores took 35
// cycles. By all measurements, stores compete with multiply-adds of three operands for
// reading registers, unless they get their number from where it has just been made. The
// sums of a tile come two a cycle and stores take one; shuffles make one a cycle. Where
// the next sums begin with zero, their first multiply-adds have only two operands, and
// that is enough.
func (k *multiplier) spaced(acc [][]reg.VecVirtual) {
	const asTheyAre = 0b11_10_01_00
	CMPQ(field(k.a, layout.TileStart), Imm(layout.StartZero))
	JEQ(k.ref("plain"))
	k.results(nil, func(p, r int, y, _ Mem) {
		VSHUFPS(U8(asTheyAre), acc[r][p], acc[r][p], acc[r][p])
		VMOVUPS(acc[r][p], y)
	})
	JMP(k.ref("stored"))
	Label(k.label("plain"))
}

// gated takes all taps of an even tile, the last one masked by the gate: its
// multiply-adds make zero what finish would. Here they wait for comparisons, one a
// cycle, which lets the stores keep up.
func (k *multiplier) gated(acc [][]reg.VecVirtual) {
	tap, tapsEnd, tx, tw, w := k.work[0], k.work[1], k.work[2], k.work[3], k.work[4]
	Label(k.label("gated"))
	CMPQ(field(k.a, layout.TileAdd), Imm(0))
	JNE(k.ref("tap"))
	SUBQ(Imm(layout.TapSize), tapsEnd)
	ADDQ(Imm(layout.TapSize), tap)
	JEQ(k.ref("gated_last"))
	k.loop("gated_tap", func() {
		k.multiplyTap(acc, tx, tw, 0)
	})
	Label(k.label("gated_last"))
	MOVLQSX(Mem{Base: tapsEnd, Disp: layout.TapW}, tw)
	ADDQ(w, tw)
	tx, w = w, k.x[0] // results needs other registers
	MOVLQSX(Mem{Base: tapsEnd}, tx)
	x := func(p int) Mem { return Mem{Base: k.x[p], Index: tx, Scale: 1} }
	v, rest, zero := k.operands[0], k.operands[1:], k.operands[0]
	few := k.channels < k.width
	if few {
		zero = k.cleared
	}
	k.zero(zero)
	if few {
		for r := range acc {
			VBROADCASTSS(k.rows(tw, r), rest[r])
		}
	} else {
		for p := range acc[0] {
			VMOVUPS(x(p), rest[p])
		}
		MOVQ(tw, w)
	}
	gate := field(k.a, layout.TileGate)
	k.results(&gate, func(p, r int, y, other Mem) {
		if few && r == 0 {
			VMOVUPS(x(p), v)
		}
		mask, sum := K(), acc[r][p]
		VCMPPS(U8(notGreaterOrEqual), other, zero, mask)
		if few {
			VFMADD231PS_Z(v, rest[r], mask, sum)
		} else {
			VFMADD231PS_BCST_Z(k.rows(w, r), rest[p], mask, sum)
		}
		VMOVUPS(sum, y)
	})
	JMP(LabelRef("tile_done"))
}

// gate is v where another number, in memory, is above 0 or NaN, else 0. It may
// overwrite t or v.
func (s isa) gate(other Mem, v, zero, t reg.VecVirtual) reg.VecVirtual {
	if s.bytes == 64 {
		mask := K()
		VCMPPS(U8(notGreaterOrEqual), other, zero, mask)
		VMOVUPS_Z(v, mask, v)
		return v
	}
	VCMPPS(U8(greaterOrEqual), other, zero, t)
	VANDNPS(v, t, t)
	return t
}

// results calls f with the address of every result of the tile, and that of the
// number at a distance from it.
func (k *multiplier) results(distance *Mem, f func(p, r int, y, other Mem)) {
	t, u, yRow := k.work[0], k.work[1], k.work[2]
	MOVQ(field(k.a, layout.TileYRow), yRow)
	row := k.multiples(yRow, k.channels, k.work[3:]...)
	for p := range k.width {
		MOVLQSX(Mem{Base: k.tile, Disp: layout.TileYOffset + 4*p}, t)
		ADDQ(k.y, t)
		if distance != nil {
			MOVQ(*distance, u)
			ADDQ(t, u)
		}
		for r := range k.channels {
			f(p, r, row(t, r), row(u, r))
		}
	}
}
