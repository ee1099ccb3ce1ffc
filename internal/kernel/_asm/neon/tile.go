package main

import (
	"fmt"

	"gradus/internal/kernel/_asm/layout"
)

// A register tile is rows channels by width registers of results (or weights); its
// 16 sums hide the latency of a fused multiply-add.
const (
	rows  = 4
	width = 4
)

// A block is 16 numbers, a quarter of them in a register.
const (
	quarters     = 4
	blockBytes   = 64
	quarterBytes = blockBytes / quarters
)

// multiply generates the kernel behind convolutions: it
// computes `channels` output channels at a time for every tile, as one chain of
// fused multiply-adds per output number.
func (a *assembler) multiply(channels int) {
	a.function(fmt.Sprintf("multiply%d", channels),
		"computes blocks of output channels for every tile. The argument is a *tileArgs.",
		0, []param{{"a", "*byte"}}, "")
	arg := a.load("a")
	acc := a.accumulators(channels, width)
	ws, v := a.vectorsOf(channels), a.vector()
	tile, w, y, bias, blocks := a.general(), a.general(), a.general(), a.general(), a.general()
	wRow, yRow := a.general(), a.general()
	x := make([]general, width)
	for p := range x {
		x[p] = a.general()
	}
	tap, tapHi, tx, tw := a.general(), a.general(), a.general(), a.general()
	t, u := a.general(), a.general()

	a.op("MOVD", at(arg, layout.TileTiles), tile)
	a.op("MOVD", at(arg, layout.TileWRow), wRow)
	a.op("MOVD", at(arg, layout.TileYRow), yRow)

	a.label("tile")
	for p := range x {
		a.addOffset(at(tile, 4*p), at(arg, layout.TileX), x[p], t)
	}
	a.op("MOVD", at(arg, layout.TileW), w)
	a.op("MOVD", at(arg, layout.TileY), y)
	a.op("MOVD", at(arg, layout.TileBias), bias)
	a.op("MOVD", at(arg, layout.TileBlocks), blocks)

	a.label("block")
	// The sums begin with zero, the bias, or what y holds.
	a.op("MOVD", at(arg, layout.TileStart), t)
	a.op("CMP", imm(layout.StartBias), t)
	a.op("BEQ", "startBias")
	a.op("BGT", "startResult")
	for r := range acc {
		for p := range acc[r] {
			a.zero(acc[r][p])
		}
	}
	a.op("B", "started")
	a.label("startBias")
	a.op("MOVD", bias, t)
	for r := range acc {
		a.op("VLD1R.P", at(t, 4), group(acc[r][0]))
		for p := 1; p < width; p++ {
			a.move(acc[r][0], acc[r][p])
		}
	}
	a.op("B", "started")
	a.label("startResult")
	for p := range width {
		a.op("MOVW", at(tile, layout.TileYOffset+4*p), t)
		a.op("ADD", y, t)
		for r := range acc {
			a.op("VLD1.P", after(t, yRow), group(acc[r][p]))
		}
	}
	a.label("started")

	// The taps of all terms.
	a.addOffset(at(tile, layout.TileEnd), at(arg, layout.TileTaps), tapHi, t)
	a.op("MOVW", at(tile, layout.TileSize), tap)
	a.op("ADD", tapHi, tap)
	a.op("MOVW", at(tile, layout.TileTerm), t)
	a.op("MOVD", at(arg, layout.TileSkip), u)
	a.op("MUL", u, t)
	a.op("SUB", t, tapHi)
	a.op("CMP", tapHi, tap)
	a.op("BEQ", "tapsDone")

	a.label("tap")
	a.op("MOVW", at(tap, 0), tx)
	a.op("MOVW", at(tap, layout.TapW), tw)
	a.op("ADD", w, tw)
	a.op("ADD", imm(layout.TapSize), tap)
	for _, v := range ws {
		a.op("VLD1R.P", after(tw, wRow), group(v))
	}
	for p := range x {
		a.op("ADD", tx, x[p], t)
		a.op("FMOVQ", at(t, 0), v.f())
		for r := range acc {
			a.multiplyAdd(v, ws[r], acc[r][p])
		}
	}
	a.op("CMP", tapHi, tap)
	a.op("BNE", "tap")
	a.label("tapsDone")

	a.finish(acc, arg, tile, y, yRow, v, t, u)
	for p := range width {
		a.op("MOVW", at(tile, layout.TileYOffset+4*p), t)
		a.op("ADD", y, t)
		for r := range acc {
			a.op("VST1.P", group(acc[r][p]), after(t, yRow))
		}
	}
	// The next block of channels, then the next tile.
	for range channels {
		a.op("ADD", yRow, y)
		a.op("ADD", wRow, w)
	}
	a.op("ADD", imm(4*channels), bias)
	a.op("SUB", imm(1), blocks)
	a.op("CBNZ", blocks, "block")
	a.op("ADD", imm(layout.TileBytes), tile)
	a.op("MOVD", at(arg, layout.TileTiles), t)
	a.op("MOVD", at(arg, layout.TileTilesSize), u)
	a.op("ADD", u, t)
	a.op("CMP", t, tile)
	a.op("BNE", "tile")
	a.op("RET")
}

// finish adds what is to be added. Then it makes sums zero where they are not above 0, or where another block is
// not, or leaves them.
func (a *assembler) finish(acc [][]vector, arg, tile, y, yRow general, v vector, t, gate general) {
	each := func(offset general, f func(v, sum vector)) {
		a.op("ADD", y, offset)
		for p := range acc[0] {
			a.op("MOVW", at(tile, layout.TileYOffset+4*p), t)
			a.op("ADD", offset, t)
			for r := range acc {
				a.op("VLD1.P", after(t, yRow), group(v))
				f(v, acc[r][p])
			}
		}
	}
	a.op("MOVD", at(arg, layout.TileAdd), gate)
	a.op("CBZ", gate, "sums")
	each(gate, func(v, sum vector) { a.add(sum, v, sum) })
	a.label("sums")
	a.op("MOVD", at(arg, layout.TileFinish), t)
	a.op("CMP", imm(layout.FinishReLU), t)
	a.op("BLT", "finished")
	a.op("BGT", "gate")
	for r := range acc {
		for _, sum := range acc[r] {
			a.notAbove(sum, v)
			a.andNot(sum, v, sum)
		}
	}
	a.op("B", "finished")
	a.label("gate")
	a.op("MOVD", at(arg, layout.TileGate), gate)
	each(gate, func(v, sum vector) {
		a.notAbove(v, v)
		a.andNot(sum, v, sum)
	})
	a.label("finished")
}

// accumulators are the sums of a register tile.
func (a *assembler) accumulators(channels, width int) [][]vector {
	acc := make([][]vector, channels)
	for r := range acc {
		acc[r] = a.vectorsOf(width)
	}
	return acc
}

// offsets are where the places of a tile lie relative to the first.
func (a *assembler) offsets(width int) []general {
	list := make([]general, width)
	for p := 1; p < width; p++ {
		list[p] = a.general()
	}
	return list
}

// addOffset is base + offset, an offset of four bytes in memory.
func (a *assembler) addOffset(offset, base string, to, t general) {
	a.op("MOVW", offset, to)
	a.op("MOVD", base, t)
	a.op("ADD", t, to)
}

// multiplyAll adds w[r]*x(p) onto acc[r][p], where x(p) is at x + offset[p].
func (a *assembler) multiplyAll(acc [][]vector, ws, xs []vector, x general, offset []general, t general) {
	for p := range xs {
		a.loadPlace(p, xs[p], x, offset, t)
	}
	for p := range xs {
		for r := range acc {
			a.multiplyAdd(xs[p], ws[r], acc[r][p])
		}
	}
}

// multiplySome does so for the places whose bit in the mask is set.
func (a *assembler) multiplySome(acc [][]vector, ws, xs []vector, x general, offset []general, t, mask general) {
	for p := range xs {
		// A jump relative to here: labels would need names of their own.
		instructions := 2 + len(acc)
		if p > 0 {
			instructions++
		}
		a.op("TBZ", imm(p), mask, fmt.Sprintf("%d(PC)", instructions))
		a.loadPlace(p, xs[p], x, offset, t)
		for r := range acc {
			a.multiplyAdd(xs[p], ws[r], acc[r][p])
		}
	}
}

func (a *assembler) loadPlace(p int, to vector, x general, offset []general, t general) {
	if p == 0 {
		a.op("FMOVQ", at(x, 0), to.f())
		return
	}
	a.op("ADD", offset[p], x, t)
	a.op("FMOVQ", at(t, 0), to.f())
}
