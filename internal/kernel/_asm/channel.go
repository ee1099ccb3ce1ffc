package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// lanes is the number of samples of a block, channelUnroll how many of them a
// round of a loop adds up.
const (
	lanes         = 16
	channelUnroll = 4
)

// channelGradients generates the kernels for all numbers of rows.
func (s isa) channelGradients() {
	most := layout.ChannelRows
	if s.bytes == blockBytes {
		most = layout.ChannelRowsWide
	}
	for rows := most; rows > 0; rows-- {
		s.channelGradient(rows)
	}
}

// channelGradient generates the kernel behind weight gradients with output
// channels in the lanes: for every tile of places, a weight each, and `rows` input
// channels at a time it adds up the products of a number of the image with a
// register of gradients. A tap of a tile is a position of the image; its samples
// follow each other, and so do the registers of the gradients.
func (s isa) channelGradient(rows int) {
	const width = layout.ChannelWidth
	a := s.function(fmt.Sprintf("channelGradient%d", rows), "channelArgs",
		"adds up the gradients of blocks of input channels for every tile of places.")
	x, w, y, blocks := local(8), local(8), local(8), local(8)
	wRow := GP64()
	MOVQ(field(a, layout.ChannelWRow), wRow)
	wRows := s.multiples(wRow, rows)
	acc := make([][]reg.VecVirtual, rows)
	for r := range acc {
		acc[r] = s.registers(width)
	}
	offset := make([]reg.Register, width)
	for p := 1; p < width; p++ {
		offset[p] = GP64()
	}
	tile, t := GP64(), GP64()
	// eachSum visits the results, place by place.
	eachSum := func(place func(p int), f func(v reg.VecVirtual, m Mem)) {
		yRow := GP64()
		MOVQ(field(a, layout.ChannelYRow), yRow)
		for p := range width {
			place(p)
			MOVLQSX(Mem{Base: tile, Disp: layout.ChannelTileY + 4*p}, t)
			ADDQ(y, t)
			for r := range acc {
				f(acc[r][p], Mem{Base: t})
				if r+1 < rows {
					ADDQ(yRow, t)
				}
			}
		}
	}

	tilesEnd := s.end(a, layout.ChannelTiles, layout.ChannelTilesSize)
	MOVQ(field(a, layout.ChannelTiles), tile)
	Label("tile")
	for p := 1; p < width; p++ {
		MOVLQSX(Mem{Base: tile, Disp: 4 * p}, offset[p])
	}
	MOVLQSX(Mem{Base: tile}, t)
	ADDQ(field(a, layout.ChannelX), t)
	MOVQ(t, x)
	move(field(a, layout.ChannelW), w)
	move(field(a, layout.ChannelY), y)
	move(field(a, layout.ChannelBlocks), blocks)

	Label("block")
	CMPQ(field(a, layout.ChannelMore), U8(0))
	JEQ(LabelRef("zero"))
	// Places beyond the count repeat the first.
	eachSum(func(int) {}, func(v reg.VecVirtual, m Mem) { VMOVUPS(m, v) })
	JMP(LabelRef("started"))
	Label("zero")
	for r := range acc {
		for _, v := range acc[r] {
			s.zero(v)
		}
	}
	Label("started")

	tap, tapHi, tx, tw, left := GP64(), GP64(), GP64(), GP64(), GP64()
	MOVLQSX(Mem{Base: tile, Disp: layout.ChannelTileLo}, tap)
	ADDQ(field(a, layout.ChannelTaps), tap)
	MOVLQSX(Mem{Base: tile, Disp: layout.ChannelTileHi}, tapHi)
	ADDQ(field(a, layout.ChannelTaps), tapHi)
	CMPQ(tap, tapHi)
	JEQ(LabelRef("taps_done"))
	Label("tap")
	MOVLQSX(Mem{Base: tap}, tx)
	ADDQ(x, tx)
	MOVLQSX(Mem{Base: tap, Disp: layout.ChannelTapW}, tw)
	ADDQ(w, tw)
	MOVQ(U32(lanes/channelUnroll), left)
	choose("set", Mem{Base: tap, Disp: layout.ChannelTapMask}, subsets(width), func(set int, members []int) {
		round := fmt.Sprintf("samples_%d", set)
		Label(round)
		for i := range channelUnroll {
			s.multiplyTile(acc, members, s.broadcast, func(p int) Mem {
				m := Mem{Base: tx, Disp: i * blockBytes}
				if p > 0 {
					m.Index, m.Scale = offset[p], 1
				}
				return m
			}, func(r int) Mem {
				m := wRows(tw, r)
				m.Disp = i * lane
				return m
			})
		}
		ADDQ(U32(channelUnroll*blockBytes), tx)
		ADDQ(U8(channelUnroll*lane), tw)
		DECQ(left)
		JNZ(LabelRef(round))
		JMP(LabelRef("tap_done"))
	})
	Label("tap_done")
	ADDQ(U8(layout.ChannelTapSize), tap)
	CMPQ(tap, tapHi)
	JNE(LabelRef("tap"))
	Label("taps_done")

	eachSum(func(p int) {
		if p > 0 {
			CMPL(Mem{Base: tile, Disp: layout.ChannelTileCount}, U8(p))
			JLE(LabelRef("stored"))
		}
	}, func(v reg.VecVirtual, m Mem) { VMOVUPS(v, m) })
	Label("stored")
	// The next block of channels, then the next tile.
	MOVQ(field(a, layout.ChannelYRow), t)
	IMUL3Q(U8(rows), t, t)
	ADDQ(t, y)
	IMUL3Q(U8(rows), wRow, t)
	ADDQ(t, w)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	ADDQ(U8(layout.ChannelTileSize), tile)
	CMPQ(tile, tilesEnd)
	JNE(LabelRef("tile"))
	VZEROUPPER()
	RET()
}
