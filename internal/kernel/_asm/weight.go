package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// weightGradient generates the kernel behind weight gradients: for `channels`
// output channels at a time and every tile of weights it adds up x*dy over the
// tile's segments of positions and all groups, lane by lane. The sums begin with
// zero or what is kept of an earlier call, and are kept for the next one, a slot
// per tile, or end: the lanes are added up and added onto dw.
func (s isa) weightGradient(channels int) {
	a := s.function(fmt.Sprintf("weightGradient%d", channels), "weightArgs",
		"adds the gradients of blocks of output channels for every tile of weights.")
	halves := blockBytes / s.bytes

	dw, dyBlock, blocks, sums := local(8), local(8), local(8), local(8)
	groups, rowsLeft, xGroup, dyGroup, segmentHi := local(8), local(8), local(8), local(8), local(8)
	totals := local(2 * blockBytes) // per weight
	move(field(a, layout.WeightDW), dw)
	move(field(a, layout.WeightDY), dyBlock)
	move(field(a, layout.WeightBlocks), blocks)

	channel, channel3, xCol := GP64(), GP64(), GP64()
	MOVQ(field(a, layout.WeightDYChannel), channel)
	LEAQ(Mem{Base: channel, Index: channel, Scale: 2}, channel3)
	MOVQ(field(a, layout.WeightXCol), xCol)
	acc := make([][]reg.VecVirtual, channels)
	for r := range acc {
		acc[r] = s.registers(s.width)
	}
	// eachSum calls f for every sum of a half, with its place in a slot.
	eachSum := func(base reg.Register, half int, f func(v reg.VecVirtual, m Mem)) {
		for r := range acc {
			for p := range acc[r] {
				f(acc[r][p], Mem{Base: base, Disp: s.bytes * ((half*channels+r)*s.width + p)})
			}
		}
	}
	offset := []reg.Register{nil, GP64(), GP64(), GP64()}[:s.width]
	tile := GP64()

	tilesEnd := s.end(a, layout.WeightTiles, layout.WeightTilesSize)
	Label("block")
	MOVQ(field(a, layout.WeightTiles), tile)
	move(field(a, layout.WeightSums), sums)
	Label("tile")
	for p := 1; p < s.width; p++ {
		MOVLQSX(Mem{Base: tile, Disp: 4 * p}, offset[p])
	}
	t := GP64()
	MOVLQSX(Mem{Base: tile, Disp: layout.WeightTileHi}, t)
	ADDQ(field(a, layout.WeightSegments), t)
	MOVQ(t, segmentHi)
	for half := range halves {
		name := func(n string) string { return fmt.Sprintf("%s_%d", n, half) }
		CMPQ(field(a, layout.WeightStart), U8(layout.WeightsZero))
		JEQ(LabelRef(name("zero")))
		MOVQ(sums, t)
		eachSum(t, half, func(v reg.VecVirtual, m Mem) { VMOVUPS(m, v) })
		JMP(LabelRef(name("started")))
		Label(name("zero"))
		for r := range acc {
			for p := range acc[r] {
				s.zero(acc[r][p])
			}
		}
		Label(name("started"))
		MOVLQSX(Mem{Base: tile}, t)
		ADDQ(field(a, layout.WeightX), t)
		ADDQ(Imm(uint64(s.bytes*half)), t)
		MOVQ(t, xGroup)
		MOVQ(dyBlock, t)
		ADDQ(Imm(uint64(s.bytes*half)), t)
		MOVQ(t, dyGroup)
		move(field(a, layout.WeightGroups), groups)

		Label(name("group"))
		segment, x, dy := GP64(), GP64(), GP64()
		MOVLQSX(Mem{Base: tile, Disp: layout.WeightTileLo}, segment)
		ADDQ(field(a, layout.WeightSegments), segment)
		CMPQ(segment, segmentHi)
		JEQ(LabelRef(name("segments_done")))

		Label(name("segment"))
		MOVLQSX(Mem{Base: segment}, x)
		ADDQ(xGroup, x)
		MOVLQSX(Mem{Base: segment, Disp: layout.SegmentDY}, dy)
		ADDQ(dyGroup, dy)
		MOVLQSX(Mem{Base: segment, Disp: layout.SegmentRows}, t)
		MOVQ(t, rowsLeft)

		px, pd, cols := GP64(), GP64(), GP64()
		subsets(name("set"), Mem{Base: segment, Disp: layout.SegmentMask}, s.width, func(set int, members []int) {
			label := func(n string) string { return name(fmt.Sprintf("%s_%d", n, set)) }
			// add adds the products of the position at px and pd+disp.
			add := func(px reg.Register, disp int) {
				s.multiplyTile(acc, members, s.load, func(p int) Mem {
					m := Mem{Base: px}
					if p > 0 {
						m.Index, m.Scale = offset[p], 1
					}
					return m
				}, func(r int) Mem {
					return []Mem{
						{Base: pd, Disp: disp}, {Base: pd, Disp: disp, Index: channel, Scale: 1},
						{Base: pd, Disp: disp, Index: channel, Scale: 2}, {Base: pd, Disp: disp, Index: channel3, Scale: 1},
					}[r]
				})
			}
			Label(label("row"))
			MOVQ(x, px)
			MOVQ(dy, pd)
			MOVLQSX(Mem{Base: segment, Disp: layout.SegmentCols}, cols)
			if len(members) == s.width { // two positions at a time
				SUBQ(Imm(2), cols)
				JLT(LabelRef(label("last")))
				Label(label("columns"))
				add(px, 0)
				ADDQ(xCol, px)
				add(px, blockBytes)
				ADDQ(xCol, px)
				ADDQ(Imm(2*blockBytes), pd)
				SUBQ(Imm(2), cols)
				JGE(LabelRef(label("columns")))
				Label(label("last"))
				CMPQ(cols, I8(-2))
				JEQ(LabelRef(label("row_done")))
				add(px, 0)
				Label(label("row_done"))
			} else {
				Label(label("columns"))
				add(px, 0)
				ADDQ(xCol, px)
				ADDQ(Imm(blockBytes), pd)
				DECQ(cols)
				JNZ(LabelRef(label("columns")))
			}
			ADDQ(field(a, layout.WeightXRow), x)
			ADDQ(field(a, layout.WeightDYRow), dy)
			DECQ(rowsLeft)
			JNZ(LabelRef(label("row")))
			JMP(LabelRef(name("segment_done")))
		})
		Label(name("segment_done"))
		ADDQ(Imm(layout.SegmentSize), segment)
		CMPQ(segment, segmentHi)
		JNE(LabelRef(name("segment")))

		Label(name("segments_done"))
		MOVQ(field(a, layout.WeightXGroup), t)
		ADDQ(t, xGroup)
		MOVQ(field(a, layout.WeightDYGroup), t)
		ADDQ(t, dyGroup)
		DECQ(groups)
		JNZ(LabelRef(name("group")))

		if half+1 == halves {
			CMPQ(field(a, layout.WeightFinish), U8(layout.WeightsAdded))
			JEQ(LabelRef("add"))
		}
		MOVQ(sums, t)
		eachSum(t, half, func(v reg.VecVirtual, m Mem) { VMOVUPS(v, m) })
	}
	JMP(LabelRef("added"))

	Label("add")
	if halves == 2 { // the upper half onto the lower one
		MOVQ(sums, t)
		eachSum(t, 0, func(v reg.VecVirtual, m Mem) { VADDPS(m, v, v) })
	}
	var flat []reg.VecVirtual
	for r := range acc {
		flat = append(flat, acc[r]...)
	}
	place := map[int]Mem{}
	for i, total := range s.addLanes(flat) {
		VMOVUPS(total.r, totals.Offset(s.bytes*i))
		for j, sum := range total.of {
			if _, ok := place[sum]; !ok {
				place[sum] = totals.Offset(s.bytes*i + lane*j)
			}
		}
	}
	v := XMM()
	for p := range s.width {
		if p > 0 {
			CMPL(Mem{Base: tile, Disp: layout.WeightTileCount}, Imm(uint64(p)))
			JLE(LabelRef("added"))
		}
		MOVLQSX(Mem{Base: tile, Disp: layout.WeightTileDW + 4*p}, t)
		ADDQ(dw, t)
		for r := range acc {
			VMOVSS(Mem{Base: t}, v)
			VADDSS(place[r*s.width+p], v, v)
			VMOVSS(v, Mem{Base: t})
			if r+1 < channels {
				ADDQ(field(a, layout.WeightDWRow), t)
			}
		}
	}
	Label("added")
	MOVQ(field(a, layout.WeightSumsStep), t)
	ADDQ(t, sums)
	ADDQ(Imm(layout.WeightTileSize), tile)
	CMPQ(tile, tilesEnd)
	JNE(LabelRef("tile"))

	IMUL3Q(Imm(uint64(channels)), channel, t)
	ADDQ(t, dyBlock)
	MOVQ(field(a, layout.WeightDWRow), t)
	IMUL3Q(Imm(uint64(channels)), t, t)
	ADDQ(t, dw)
	DECQ(blocks)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}
