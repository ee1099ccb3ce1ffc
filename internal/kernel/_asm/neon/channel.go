package main

import (
	"fmt"

	"gradus/internal/kernel/_asm/layout"
)

// channelGradient generates the kernel behind weight gradients with output
// channels in the lanes, see the amd64 generator. One call does a quarter of every
// block of output channels.
func (a *assembler) channelGradient(rows int) {
	const width = layout.ChannelWidth
	a.function(fmt.Sprintf("channelGradient%d", rows),
		"adds up a quarter of the gradients of blocks of input channels for every tile of places. The argument is a *channelArgs.",
		0, []param{{"a", "*byte"}}, "")
	arg := a.load("a")
	acc := a.accumulators(rows, width)
	ws, xs := a.vectorsOf(rows), a.vectorsOf(width)
	tile, w, y, blocks := a.general(), a.general(), a.general(), a.general()
	wRow, yRow := a.general(), a.general()
	offset := a.offsets(width)
	x, tap, tapHi, tx, tw := a.general(), a.general(), a.general(), a.general(), a.general()
	left, mask, t, u := a.general(), a.general(), a.general(), a.general()
	// eachPlace calls f with the address of a place's results in t.
	eachPlace := func(f func(p int)) {
		for p := range width {
			a.op("MOVW", at(tile, layout.ChannelTileY+4*p), t)
			a.op("ADD", y, t)
			f(p)
		}
	}

	a.op("MOVD", at(arg, layout.ChannelTiles), tile)
	a.op("MOVD", at(arg, layout.ChannelWRow), wRow)
	a.op("MOVD", at(arg, layout.ChannelYRow), yRow)
	a.label("tile")
	for p := 1; p < width; p++ {
		a.op("MOVW", at(tile, 4*p), offset[p])
	}
	a.op("MOVD", at(arg, layout.ChannelW), w)
	a.op("MOVD", at(arg, layout.ChannelY), y)
	a.op("MOVD", at(arg, layout.ChannelBlocks), blocks)

	a.label("block")
	a.addOffset(at(tile, 0), at(arg, layout.ChannelX), x, t)
	a.op("MOVD", at(arg, layout.ChannelMore), t)
	a.op("CBZ", t, "zero")
	eachPlace(func(p int) { // places beyond the count repeat the first
		for r := range acc {
			a.op("VLD1.P", after(t, yRow), group(acc[r][p]))
		}
	})
	a.op("B", "started")
	a.label("zero")
	for r := range acc {
		for _, v := range acc[r] {
			a.zero(v)
		}
	}
	a.label("started")

	a.addOffset(at(tile, layout.ChannelTileLo), at(arg, layout.ChannelTaps), tap, t)
	a.addOffset(at(tile, layout.ChannelTileHi), at(arg, layout.ChannelTaps), tapHi, t)
	a.op("CMP", tapHi, tap)
	a.op("BEQ", "tapsDone")
	a.label("tap")
	a.op("MOVW", at(tap, 0), tx)
	a.op("ADD", x, tx)
	a.op("MOVW", at(tap, layout.ChannelTapW), tw)
	a.op("ADD", w, tw)
	a.op("MOVW", at(tap, layout.ChannelTapMask), mask)
	a.op("MOVD", imm(quarters*quarters), left)
	a.label("sample")
	a.op("MOVD", tw, u)
	for _, v := range ws {
		a.op("VLD1R.P", after(u, wRow), group(v))
	}
	a.op("CMPW", imm(1<<width-1), mask)
	a.op("BNE", "some")
	a.multiplyAll(acc, ws, xs, tx, offset, t)
	a.op("B", "sampleDone")
	a.label("some")
	a.multiplySome(acc, ws, xs, tx, offset, t, mask)
	a.label("sampleDone")
	a.op("ADD", imm(blockBytes), tx)
	a.op("ADD", imm(4), tw)
	a.op("SUB", imm(1), left)
	a.op("CBNZ", left, "sample")
	a.op("ADD", imm(layout.ChannelTapSize), tap)
	a.op("CMP", tapHi, tap)
	a.op("BNE", "tap")
	a.label("tapsDone")

	a.op("MOVW", at(tile, layout.ChannelTileCount), u)
	eachPlace(func(p int) {
		if p > 0 {
			a.op("CMP", imm(p), u)
			a.op("BLE", "stored")
		}
		for r := range acc {
			a.op("VST1.P", group(acc[r][p]), after(t, yRow))
		}
	})
	a.label("stored")
	// The next block of channels, then the next tile.
	for range rows {
		a.op("ADD", yRow, y)
		a.op("ADD", wRow, w)
	}
	a.op("SUB", imm(1), blocks)
	a.op("CBNZ", blocks, "block")
	a.op("ADD", imm(layout.ChannelTileSize), tile)
	a.op("MOVD", at(arg, layout.ChannelTiles), t)
	a.op("MOVD", at(arg, layout.ChannelTilesSize), u)
	a.op("ADD", u, t)
	a.op("CMP", t, tile)
	a.op("BNE", "tile")
	a.op("RET")
}
