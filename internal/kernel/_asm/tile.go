package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// multiply generates the kernel behind convolutions: it
// computes `channels` output channels at a time for every tile of places, as one
// chain of fused multiply-adds per output number. All `width` places of an even
// tile take all its taps. In a mixed tile there are at most so many, and every tap
// says which of them take it.
func (s isa) multiply(channels, width int, even bool) {
	name := fmt.Sprintf("multiplyMixed%d", channels)
	if even {
		name = fmt.Sprintf("multiplyEven%dx%d", channels, width)
	}
	a := s.function(name, "tileArgs",
		"computes blocks of output channels for every tile of places.")
	w, y, bias, blocks, channelsLeft := local(8), local(8), local(8), local(8), local(8)
	tapLo := local(8)

	wRow := GP64()
	MOVQ(field(a, layout.TileWRow), wRow)
	wRows := s.multiples(wRow, channels)

	acc := make([][]reg.VecVirtual, channels)
	for r := range acc {
		acc[r] = s.registers(width)
	}
	offset := make([]reg.Register, width)
	for p := 1; p < width; p++ {
		offset[p] = GP64()
	}
	tile := GP64()

	tilesEnd := s.end(a, layout.TileTiles, layout.TileTilesSize)
	MOVQ(field(a, layout.TileTiles), tile)
	Label("tile")
	for p := 1; p < width; p++ {
		MOVLQSX(Mem{Base: tile, Disp: 4 * p}, offset[p])
	}
	move(field(a, layout.TileW), w)
	move(field(a, layout.TileY), y)
	move(field(a, layout.TileBias), bias)
	move(field(a, layout.TileBlocks), blocks)

	Label("block")
	x := GP64()
	MOVLQSX(Mem{Base: tile}, x)
	ADDQ(field(a, layout.TileX), x)
	s.startTile(a, tile, y, bias, acc)

	// Taps of this tile.
	tap, tapHi, tx, tw, wc := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVLQSX(Mem{Base: tile, Disp: layout.TileTapLo}, tap)
	ADDQ(field(a, layout.TileTaps), tap)
	MOVQ(tap, tapLo)
	MOVLQSX(Mem{Base: tile, Disp: layout.TileTapHi}, tapHi)
	ADDQ(field(a, layout.TileTaps), tapHi)
	CMPQ(tap, tapHi)
	JEQ(LabelRef("taps_done"))
	move(field(a, layout.TileTerms), channelsLeft)
	MOVQ(w, wc)

	at := func(p int) Mem {
		m := Mem{Base: tx}
		if p > 0 {
			m.Index, m.Scale = offset[p], 1
		}
		return m
	}
	row := func(r int) Mem { return wRows(tw, r) }
	Label("tap")
	MOVLQSX(Mem{Base: tap}, tx)
	ADDQ(x, tx)
	MOVLQSX(Mem{Base: tap, Disp: layout.TapW}, tw)
	ADDQ(wc, tw)
	if even {
		s.multiplyTile(acc, all(width), s.broadcast, at, row)
	} else {
		choose("set", Mem{Base: tap, Disp: layout.TapMask}, subsets(width), func(_ int, members []int) {
			s.multiplyTile(acc, members, s.broadcast, at, row)
			JMP(LabelRef("tap_done"))
		})
		Label("tap_done")
	}
	ADDQ(Imm(layout.TapSize), tap)
	CMPQ(tap, tapHi)
	JNE(LabelRef("tap"))

	MOVQ(tapLo, tap)
	ADDQ(field(a, layout.TileXTerm), x)
	ADDQ(field(a, layout.TileWTerm), wc)
	DECQ(channelsLeft)
	JNZ(LabelRef("tap"))
	Label("taps_done")

	s.finishTile(a, tile, y, acc, even)

	// The next block of channels, then the next tile.
	t := GP64()
	MOVQ(field(a, layout.TileYRow), t)
	IMUL3Q(Imm(uint64(channels)), t, t)
	ADDQ(t, y)
	IMUL3Q(Imm(uint64(channels)), wRow, t)
	ADDQ(t, w)
	ADDQ(Imm(uint64(lane*channels)), bias)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	ADDQ(Imm(layout.TileSize), tile)
	CMPQ(tile, tilesEnd)
	JNE(LabelRef("tile"))
	VZEROUPPER()
	RET()
}

// all is the numbers below n.
func all(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

// yAt addresses the result of place p in the first channel of a block.
func yAt(tile reg.Register, y Mem, t reg.Register, p int) Mem {
	MOVLQSX(Mem{Base: tile, Disp: layout.TileYOffset + 4*p}, t)
	ADDQ(y, t)
	return Mem{Base: t}
}

// startTile begins the sums with zero, the bias, or what y holds.
func (s isa) startTile(a, tile reg.Register, y, bias Mem, acc [][]reg.VecVirtual) {
	start := GP64()
	MOVQ(field(a, layout.TileStart), start)
	CMPQ(start, Imm(layout.StartBias))
	JEQ(LabelRef("start_bias"))
	JGT(LabelRef("start_result"))
	for r := range acc {
		for p := range acc[r] {
			s.zero(acc[r][p])
		}
	}
	JMP(LabelRef("started"))
	Label("start_bias")
	{
		b := GP64()
		MOVQ(bias, b)
		for r := range acc {
			VBROADCASTSS(Mem{Base: b, Disp: lane * r}, acc[r][0])
			for p := 1; p < len(acc[r]); p++ {
				VMOVAPS(acc[r][0], acc[r][p])
			}
		}
	}
	JMP(LabelRef("started"))
	Label("start_result")
	{
		t, yRow := GP64(), GP64()
		MOVQ(field(a, layout.TileYRow), yRow)
		for p := range acc[0] { // places beyond the count repeat the first
			m := yAt(tile, y, t, p)
			for r := range acc {
				VMOVUPS(m, acc[r][p])
				if r+1 < len(acc) {
					ADDQ(yRow, t)
				}
			}
		}
	}
	Label("started")
}

// finishTile adds what is to be added and stores the places that exist: as they
// are, where they are above 0, or where another block is.
func (s isa) finishTile(a, tile reg.Register, y Mem, acc [][]reg.VecVirtual, even bool) {
	add := GP64()
	MOVQ(field(a, layout.TileAdd), add)
	TESTQ(add, add)
	JZ(LabelRef("sums"))
	{
		t, yRow := GP64(), GP64()
		MOVQ(field(a, layout.TileYRow), yRow)
		for p := range acc[0] { // places beyond the count repeat the first
			yAt(tile, y, t, p)
			for r := range acc {
				VADDPS(Mem{Base: t, Index: add, Scale: 1}, acc[r][p], acc[r][p])
				if r+1 < len(acc) {
					ADDQ(yRow, t)
				}
			}
		}
	}
	Label("sums")
	finish := GP64()
	MOVQ(field(a, layout.TileFinish), finish)
	CMPQ(finish, Imm(layout.FinishReLU))
	JEQ(LabelRef("relu"))
	JGT(LabelRef("gate"))
	store := func(change func(v reg.VecVirtual, at reg.Register) reg.VecVirtual) {
		t, yRow := GP64(), GP64()
		MOVQ(field(a, layout.TileYRow), yRow)
		for p := range acc[0] {
			if p > 0 && !even {
				CMPL(Mem{Base: tile, Disp: layout.TileCount}, Imm(uint64(p)))
				JLE(LabelRef("stored"))
			}
			m := yAt(tile, y, t, p)
			for r := range acc {
				VMOVUPS(change(acc[r][p], t), m)
				if r+1 < len(acc) {
					ADDQ(yRow, t)
				}
			}
		}
		JMP(LabelRef("stored"))
	}
	store(func(v reg.VecVirtual, _ reg.Register) reg.VecVirtual { return v })
	Label("relu")
	zero := s.register()
	s.zero(zero)
	store(func(v reg.VecVirtual, _ reg.Register) reg.VecVirtual { return s.unlessNotAbove(v, v, zero) })
	Label("gate")
	gate := GP64()
	MOVQ(field(a, layout.TileGate), gate)
	s.zero(zero)
	store(func(v reg.VecVirtual, at reg.Register) reg.VecVirtual {
		x := s.register()
		VMOVUPS(Mem{Base: at, Index: gate, Scale: 1}, x)
		return s.unlessNotAbove(x, v, zero)
	})
	Label("stored")
}

// multiples returns a function that addresses base + r*stride for r below n, at
// most 8. It keeps odd multiples of the stride in registers.
func (s isa) multiples(stride reg.Register, n int) func(base reg.Register, r int) Mem {
	odd := map[int]reg.Register{1: stride}
	for r := 3; r < n; r += 2 {
		m := GP64()
		LEAQ(Mem{Base: odd[r-2], Index: stride, Scale: 2}, m)
		odd[r] = m
	}
	return func(base reg.Register, r int) Mem {
		m := Mem{Base: base, Scale: 1}
		if r == 0 {
			return m
		}
		for r%2 == 0 {
			r, m.Scale = r/2, m.Scale*2
		}
		m.Index = odd[r]
		return m
	}
}

// multiplyTile adds row(r)*x(p) onto acc[r][p] for some columns p of a register
// tile. Rows are brought to registers by load.
func (s isa) multiplyTile(acc [][]reg.VecVirtual, members []int, load func(from Mem, to reg.VecVirtual), x, row func(int) Mem) {
	if len(acc) < len(acc[0]) { // registers for all rows, columns pass by
		rs := s.registers(len(acc))
		for r := range acc {
			load(row(r), rs[r])
		}
		for _, p := range members {
			v := s.register()
			s.load(x(p), v)
			for r := range acc {
				VFMADD231PS(v, rs[r], acc[r][p])
			}
		}
		return
	}
	xs := s.registers(len(acc[0])) // registers for all columns, rows pass by
	for _, p := range members {
		s.load(x(p), xs[p])
	}
	for r := range acc {
		v := s.register()
		load(row(r), v)
		for _, p := range members {
			VFMADD231PS(v, xs[p], acc[r][p])
		}
	}
}

// load reads a register, broadcast fills one with a single number.
func (s isa) load(from Mem, to reg.VecVirtual)      { VMOVUPS(from, to) }
func (s isa) broadcast(from Mem, to reg.VecVirtual) { VBROADCASTSS(from, to) }
