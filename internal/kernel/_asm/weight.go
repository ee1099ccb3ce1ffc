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
// tile's segments of positions and all groups, lane by lane, then the lanes, and
// adds the sums onto dw.
func (s isa) weightGradient(channels int) {
	a := s.function(fmt.Sprintf("weightGradient%d", channels), "weightArgs",
		"adds the gradients of blocks of output channels for every tile of weights.")
	halves := blockBytes / s.bytes

	dw, dyBlock, blocks := local(8), local(8), local(8)
	groups, rowsLeft, xGroup, dyGroup := local(8), local(8), local(8), local(8)
	sums := local(blockBytes * rows) // per lane, of the lower half
	totals := local(2 * blockBytes)  // per weight
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
	offset := []reg.Register{nil, GP64(), GP64(), GP64()}[:s.width]
	tile := GP64()

	tilesEnd := s.end(a, layout.WeightTiles, layout.WeightTilesSize)
	Label("block")
	MOVQ(field(a, layout.WeightTiles), tile)
	Label("tile")
	for p := 1; p < s.width; p++ {
		MOVLQSX(Mem{Base: tile, Disp: 4 * p}, offset[p])
	}
	for half := range halves {
		name := func(n string) string { return fmt.Sprintf("%s_%d", n, half) }
		for r := range acc {
			for p := range acc[r] {
				s.zero(acc[r][p])
			}
		}
		t := GP64()
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

		Label(name("segment"))
		MOVLQSX(Mem{Base: segment}, x)
		ADDQ(xGroup, x)
		MOVLQSX(Mem{Base: segment, Disp: layout.SegmentDY}, dy)
		ADDQ(dyGroup, dy)
		MOVLQSX(Mem{Base: segment, Disp: layout.SegmentRows}, t)
		MOVQ(t, rowsLeft)

		Label(name("row"))
		px, pd, cols := GP64(), GP64(), GP64()
		MOVQ(x, px)
		MOVQ(dy, pd)
		MOVLQSX(Mem{Base: segment, Disp: layout.SegmentCols}, cols)
		subsets(name("set"), Mem{Base: segment, Disp: layout.SegmentMask}, s.width, func(set int, members []int) {
			column := name(fmt.Sprintf("column_%d", set))
			Label(column)
			s.multiplyTile(acc, members, s.load, func(p int) Mem {
				m := Mem{Base: px}
				if p > 0 {
					m.Index, m.Scale = offset[p], 1
				}
				return m
			}, func(r int) Mem {
				return []Mem{
					{Base: pd}, {Base: pd, Index: channel, Scale: 1},
					{Base: pd, Index: channel, Scale: 2}, {Base: pd, Index: channel3, Scale: 1},
				}[r]
			})
			ADDQ(xCol, px)
			ADDQ(Imm(blockBytes), pd)
			DECQ(cols)
			JNZ(LabelRef(column))
			JMP(LabelRef(name("row_done")))
		})
		Label(name("row_done"))
		ADDQ(field(a, layout.WeightXRow), x)
		ADDQ(field(a, layout.WeightDYRow), dy)
		DECQ(rowsLeft)
		JNZ(LabelRef(name("row")))

		ADDQ(Imm(layout.SegmentSize), segment)
		MOVLQSX(Mem{Base: tile, Disp: layout.WeightTileHi}, t)
		ADDQ(field(a, layout.WeightSegments), t)
		CMPQ(segment, t)
		JNE(LabelRef(name("segment")))

		MOVQ(field(a, layout.WeightXGroup), t)
		ADDQ(t, xGroup)
		MOVQ(field(a, layout.WeightDYGroup), t)
		ADDQ(t, dyGroup)
		DECQ(groups)
		JNZ(LabelRef(name("group")))

		if half+1 < halves {
			for r := range acc {
				for p := range acc[r] {
					VMOVUPS(acc[r][p], sums.Offset(s.bytes*(r*s.width+p)))
				}
			}
		}
	}

	var flat []reg.VecVirtual
	for r := range acc {
		for p := range acc[r] {
			if halves == 2 { // the upper half onto the lower one
				VADDPS(sums.Offset(s.bytes*(r*s.width+p)), acc[r][p], acc[r][p])
			}
			flat = append(flat, acc[r][p])
		}
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
	t, v := GP64(), XMM()
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
