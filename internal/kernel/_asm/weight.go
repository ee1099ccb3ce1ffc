package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"

	"gradus/internal/kernel/_asm/layout"
)

// tapsTogether is the width of tiles of neighbouring taps.
const tapsTogether = 3

// weightGradients generates the kernels for all numbers of output channels and
// widths of tiles: tiles of input channels are as wide as their kernel and cut from
// up to 3 or 6 channels such that they have at least half as many.
func (s isa) weightGradients() {
	for channels := rows; channels > 0; channels-- {
		for width := s.width; width >= min(tapsTogether, (s.width+2)/2); width-- {
			s.weightGradient(channels, width)
		}
	}
}

// weightGradient generates the kernel behind weight gradients: for `channels`
// output channels at a time and every tile of weights it adds up x*dy over the
// tile's segments of positions and all groups, lane by lane. The sums begin with
// zero or what is kept of an earlier call, and are kept for the next one, a slot
// per tile, or end: the lanes are added up and added onto dw. Only a tile of
// neighbouring taps has fewer than `width` weights, and segments for some of them.
func (s isa) weightGradient(channels, width int) {
	a := s.function(fmt.Sprintf("weightGradient%dx%d", channels, width), "weightArgs",
		"adds the gradients of blocks of output channels for every tile of weights.")
	halves := blockBytes / s.bytes

	dw, dyBlock, blocks, sums := local(8), local(8), local(8), local(8)
	groups, rowsLeft, xGroup, dyGroup, segmentHi := local(8), local(8), local(8), local(8), local(8)
	tileKept := local(8)            // during the sums, which need all registers
	totals := local(4 * blockBytes) // per weight
	masks := []int{1<<width - 1}
	if width == tapsTogether {
		masks = subsets(width)
	}
	move(field(a, layout.WeightDW), dw)
	move(field(a, layout.WeightDY), dyBlock)
	move(field(a, layout.WeightBlocks), blocks)

	channel, channel3 := GP64(), GP64()
	MOVQ(field(a, layout.WeightDYChannel), channel)
	LEAQ(Mem{Base: channel, Index: channel, Scale: 2}, channel3)
	acc := make([][]reg.VecVirtual, channels)
	for r := range acc {
		acc[r] = s.registers(width)
	}
	// eachSum calls f for every sum of a half, with its place in a slot.
	eachSum := func(base reg.Register, half int, f func(v reg.VecVirtual, m Mem)) {
		for r := range acc {
			for p := range acc[r] {
				f(acc[r][p], Mem{Base: base, Disp: s.bytes * ((half*channels+r)*width + p)})
			}
		}
	}
	step := GP64()
	MOVQ(field(a, layout.WeightXStep), step)
	steps := s.multiples(step, width)
	tile := GP64()

	tilesEnd := s.end(a, layout.WeightTiles, layout.WeightTilesSize)
	Label("block")
	MOVQ(field(a, layout.WeightTiles), tile)
	move(field(a, layout.WeightSums), sums)
	Label("tile")
	MOVQ(tile, tileKept)
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
		MOVQ(tileKept, t)
		MOVLQSX(Mem{Base: t}, t)
		ADDQ(field(a, layout.WeightX), t)
		ADDQ(Imm(uint64(s.bytes*half)), t)
		MOVQ(t, xGroup)
		MOVQ(dyBlock, t)
		ADDQ(Imm(uint64(s.bytes*half)), t)
		MOVQ(t, dyGroup)
		move(field(a, layout.WeightGroups), groups)

		Label(name("group"))
		segment, x, dy := GP64(), GP64(), GP64()
		MOVQ(tileKept, segment)
		MOVLQSX(Mem{Base: segment, Disp: layout.WeightTileLo}, segment)
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
		choose(name("set"), Mem{Base: segment, Disp: layout.SegmentMask}, masks, func(set int, members []int) {
			label := func(n string) string { return name(fmt.Sprintf("%s_%d", n, set)) }
			// add adds the products of the position at px and pd+disp.
			add := func(px reg.Register, disp int) {
				s.multiplyTile(acc, members, s.load, func(p int) Mem { return steps(px, p) }, func(r int) Mem {
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
			if len(members) >= 3 { // two positions at a time
				SUBQ(Imm(2), cols)
				JLT(LabelRef(label("last")))
				Label(label("columns"))
				add(px, 0)
				ADDQ(field(a, layout.WeightXCol), px)
				add(px, blockBytes)
				ADDQ(field(a, layout.WeightXCol), px)
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
				ADDQ(field(a, layout.WeightXCol), px)
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
	MOVQ(tileKept, tile)
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
	v, at, dwRow := XMM(), GP64(), GP64()
	MOVQ(field(a, layout.WeightDWRow), dwRow)
	dwRows := s.multiples(dwRow, channels)
	MOVQ(tileKept, tile)
	MOVLQSX(Mem{Base: tile, Disp: layout.WeightTileDW}, at)
	ADDQ(dw, at)
	for p := range width {
		if p > 0 {
			if width == tapsTogether {
				CMPL(Mem{Base: tile, Disp: layout.WeightTileCount}, Imm(uint64(p)))
				JLE(LabelRef("added"))
			}
			ADDQ(field(a, layout.WeightDWStep), at)
		}
		for r := range acc {
			VMOVSS(dwRows(at, r), v)
			VADDSS(place[r*width+p], v, v)
			VMOVSS(v, dwRows(at, r))
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
