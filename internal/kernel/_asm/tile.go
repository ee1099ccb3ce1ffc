package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// multiply generates the kernel behind convolutions: it computes `channels` output
// channels at a time for every tile, as one chain of fused multiply-adds per output
// number. It has code for tiles of some widths, in descending order, as the tiles
// are.
func (s isa) multiply(channels int, widths []int) {
	k := &multiplier{isa: s, channels: channels}
	k.a = s.function(fmt.Sprintf("multiply%d", channels), "tileArgs",
		"computes blocks of output channels for every tile.")
	k.w, k.y, k.bias, k.blocks = local(8), local(8), local(8), local(8)

	k.wRow = GP64()
	MOVQ(field(k.a, layout.TileWRow), k.wRow)
	k.rows = s.multiples(k.wRow, channels)
	k.tile = GP64()
	k.sums = s.registers(channels * widths[0])
	k.operands = s.registers(min(channels, widths[0]) + 1)
	k.cleared = s.register()
	for range 5 + min(1, channels/8) {
		k.work = append(k.work, GP64())
	}
	for range widths[0] {
		k.x = append(k.x, GP64())
	}
	tilesEnd := s.end(k.a, layout.TileTiles, layout.TileTilesSize)
	move(field(k.a, layout.TileW), k.w)
	move(field(k.a, layout.TileY), k.y)
	move(field(k.a, layout.TileBias), k.bias)
	move(field(k.a, layout.TileBlocks), k.blocks)

	Label("block")
	MOVQ(field(k.a, layout.TileTiles), k.tile)
	Label("tile")
	for i, width := range widths {
		k.next = ""
		if i+1 < len(widths) {
			k.next = fmt.Sprintf("narrower_than_%d", width)
			CMPB(field(k.tile, layout.TileWidth), U8(width))
			JNE(LabelRef(k.next))
		}
		k.tileOf(width, width > 1 && width <= 3 && widths[len(widths)-1] == 1)
		if k.next != "" {
			Label(k.next)
		}
	}
	Label("tile_done")
	ADDQ(Imm(layout.TileBytes), k.tile)
	CMPQ(k.tile, tilesEnd)
	JNE(LabelRef("tile"))

	t := k.work[0]
	MOVQ(field(k.a, layout.TileYRow), t)
	IMUL3Q(Imm(uint64(channels)), t, t)
	ADDQ(t, k.y)
	IMUL3Q(Imm(uint64(channels)), k.wRow, t)
	ADDQ(t, k.w)
	ADDQ(Imm(uint64(lane*channels)), k.bias)
	DECQ(k.blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// multiplier is a kernel in the making.
type multiplier struct {
	isa
	channels   int
	width      int // of the tiles the code is for
	a          reg.Register
	tile, wRow reg.Register
	rows       func(base reg.Register, r int) Mem
	sums       []reg.VecVirtual
	operands   []reg.VecVirtual
	cleared    reg.VecVirtual  // zero, where no operand is to spare
	x          []reg.GPVirtual // where a tile's taps begin
	work       []reg.GPVirtual // for this and that
	next       string

	// Variables: where the block's weights, results and biases begin, and how many
	// blocks are left.
	w, y, bias, blocks Mem
}

func (k *multiplier) label(name string) string { return fmt.Sprintf("%s_%d", name, k.width) }
func (k *multiplier) ref(name string) LabelRef { return LabelRef(k.label(name)) }

// tileOf computes a tile of a width, which may be uneven.
func (k *multiplier) tileOf(width int, uneven bool) {
	k.width = width
	acc := make([][]reg.VecVirtual, k.channels)
	for r := range acc {
		acc[r] = k.sums[r*width:][:width]
	}
	for p := range width {
		MOVLQSX(Mem{Base: k.tile, Disp: 4 * p}, k.x[p])
		ADDQ(field(k.a, layout.TileX), k.x[p])
	}
	k.start(acc)
	// The taps of all terms. They are counted up to zero, from behind the last; fewer
	// terms than are listed begin later.
	tap, tapsEnd, tx, tw, w := k.work[0], k.work[1], k.work[2], k.work[3], k.work[4]
	MOVLQSX(Mem{Base: k.tile, Disp: layout.TileEnd}, tapsEnd)
	ADDQ(field(k.a, layout.TileTaps), tapsEnd)
	MOVLQSX(Mem{Base: k.tile, Disp: layout.TileSize}, tap)
	MOVQ(k.w, w)
	CMPQ(field(k.a, layout.TileSkip), Imm(0))
	JNE(k.ref("skip"))
	Label(k.label("skipped"))
	TESTQ(tap, tap)
	JEQ(k.ref("taps_done"))
	if uneven {
		CMPB(field(k.tile, layout.TileUneven), Imm(0))
		JNE(k.ref("uneven"))
	}
	if k.bytes == 64 {
		CMPQ(field(k.a, layout.TileFinish), Imm(layout.FinishGate))
		JEQ(k.ref("gated"))
	}
	k.loop("tap", func() {
		k.multiplyTap(acc, tx, tw, 0)
	})
	Label(k.label("taps_done"))

	k.finish(acc)
	JMP(LabelRef("tile_done"))

	Label(k.label("skip"))
	MOVLQSX(Mem{Base: k.tile, Disp: layout.TileTerm}, tx)
	IMULQ(field(k.a, layout.TileSkip), tx)
	ADDQ(tx, tap)
	SUBQ(tx, tapsEnd)
	JMP(k.ref("skipped"))
	if k.bytes == 64 {
		k.gated(acc)
	}
	if !uneven {
		return
	}

	Label(k.label("uneven"))
	k.loop("uneven_tap", func() {
		TESTB(Imm(1), tw.As8())
		JNE(k.ref("some"))
		k.multiplyTap(acc, tx, tw, 0)
	})
	JMP(k.ref("taps_done"))
	Label(k.label("some"))
	for r := range acc {
		acc[r] = acc[r][:width-1]
	}
	k.multiplyTap(acc, tx, tw, -1)
	ADDQ(Imm(layout.TapSize), tap)
	JNE(k.ref("uneven_tap"))
	JMP(k.ref("taps_done"))
}

// loop goes through the taps.
func (k *multiplier) loop(name string, multiply func()) {
	tap, tapsEnd, tx, tw, w := k.work[0], k.work[1], k.work[2], k.work[3], k.work[4]
	Label(k.label(name))
	MOVLQSX(Mem{Base: tapsEnd, Index: tap, Scale: 1}, tx)
	MOVLQSX(Mem{Base: tapsEnd, Index: tap, Scale: 1, Disp: layout.TapW}, tw)
	ADDQ(w, tw)
	multiply()
	ADDQ(Imm(layout.TapSize), tap)
	JNE(k.ref(name))
}

// multiplyTap adds one product onto every sum. Either all weights or all of x are
// in registers, whatever is less. The weights are at a distance from tw.
func (k *multiplier) multiplyTap(acc [][]reg.VecVirtual, tx, tw reg.Register, distance int) {
	x := func(p int) Mem { return Mem{Base: k.x[p], Index: tx, Scale: 1} }
	weight := func(r int) Mem { return k.rows(tw, r).Offset(distance) }
	v, rest := k.operands[0], k.operands[1:]
	if k.channels < k.width {
		for r := range acc {
			VBROADCASTSS(weight(r), rest[r])
		}
		for p := range acc[0] {
			VMOVUPS(x(p), v)
			for r := range acc {
				VFMADD231PS(v, rest[r], acc[r][p])
			}
		}
		return
	}
	for p := range acc[0] {
		VMOVUPS(x(p), rest[p])
	}
	for r := range acc {
		if len(acc[r]) == 1 && k.bytes == 64 {
			VFMADD231PS_BCST(weight(r), rest[0], acc[r][0])
			continue
		}
		VBROADCASTSS(weight(r), v)
		for p := range acc[r] {
			VFMADD231PS(v, rest[p], acc[r][p])
		}
	}
}

// start begins the sums with zero, the bias, or what y holds.
func (k *multiplier) start(acc [][]reg.VecVirtual) {
	t := k.work[0]
	MOVQ(field(k.a, layout.TileStart), t)
	CMPQ(t, Imm(layout.StartBias))
	JEQ(k.ref("start_bias"))
	JGT(k.ref("start_result"))
	for r := range acc {
		for p := range acc[r] {
			k.zero(acc[r][p])
		}
	}
	JMP(k.ref("started"))
	Label(k.label("start_bias"))
	MOVQ(k.bias, t)
	for r := range acc {
		VBROADCASTSS(Mem{Base: t, Disp: lane * r}, acc[r][0])
		for p := 1; p < len(acc[r]); p++ {
			VMOVAPS(acc[r][0], acc[r][p])
		}
	}
	JMP(k.ref("started"))
	Label(k.label("start_result"))
	k.results(nil, func(p, r int, y, _ Mem) { VMOVUPS(y, acc[r][p]) })
	Label(k.label("started"))
}

// multiples returns a function that addresses base + r*stride for r below n, at
// most 8. It keeps odd multiples of the stride in registers, given ones or others.
func (s isa) multiples(stride reg.Register, n int, into ...reg.GPVirtual) func(base reg.Register, r int) Mem {
	odd := map[int]reg.Register{1: stride}
	for r := 3; r < n; r += 2 {
		var m reg.GPVirtual
		if len(into) > 0 {
			m, into = into[0], into[1:]
		} else {
			m = GP64()
		}
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
