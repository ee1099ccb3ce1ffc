package main

import (
	"fmt"

	"gradus/internal/kernel/_asm/layout"
)

// The sums of a register tile on the stack: a quarter's are sumsBytes.
const sumsBytes = rows * width * quarterBytes

// weightGradient generates the kernel behind weight gradients: for `channels`
// output channels at a time and every tile of weights it adds up x*dy over the
// tile's segments of positions and all groups, lane by lane, a quarter of the
// lanes after the other; then the lanes, and adds the sums onto dw.
func (a *assembler) weightGradient(channels int) {
	a.function(fmt.Sprintf("weightGradient%d", channels),
		"adds the gradients of blocks of output channels for every tile of weights. The argument is a *weightArgs.",
		4*sumsBytes, []param{{"a", "*byte"}}, "")
	arg := a.load("a")
	acc := a.accumulators(channels, width)
	dys, xs := a.vectorsOf(channels), a.vectorsOf(width)
	tile, dw, dyBlock, blocks, channel, xCol := a.general(), a.general(), a.general(), a.general(), a.general(), a.general()
	offset := a.offsets(width)
	quarter, groups, xGroup, dyGroup := a.general(), a.general(), a.general(), a.general()
	segment, x, dy, rowsLeft := a.general(), a.general(), a.general(), a.general()
	px, pd, cols, mask := a.general(), a.general(), a.general(), a.general()
	t, u := a.general(), a.general()

	a.op("MOVD", at(arg, layout.WeightDW), dw)
	a.op("MOVD", at(arg, layout.WeightDY), dyBlock)
	a.op("MOVD", at(arg, layout.WeightBlocks), blocks)
	a.op("MOVD", at(arg, layout.WeightDYChannel), channel)
	a.op("MOVD", at(arg, layout.WeightXCol), xCol)

	a.label("block")
	a.op("MOVD", at(arg, layout.WeightTiles), tile)
	a.op("MOVD", at(arg, layout.WeightXStep), offset[1])
	for p := 2; p < width; p++ {
		a.op("ADD", offset[1], offset[p-1], offset[p])
	}
	a.label("tile")
	a.op("MOVD", imm(0), quarter) // its offset in a block
	a.label("quarter")
	for r := range acc {
		for p := range acc[r] {
			a.zero(acc[r][p])
		}
	}
	a.addOffset(at(tile, 0), at(arg, layout.WeightX), xGroup, t)
	a.op("ADD", quarter, xGroup)
	a.op("ADD", quarter, dyBlock, dyGroup)
	a.op("MOVD", at(arg, layout.WeightGroups), groups)

	a.label("group")
	a.addOffset(at(tile, layout.WeightTileLo), at(arg, layout.WeightSegments), segment, t)

	a.label("segment")
	a.op("MOVW", at(segment, 0), x)
	a.op("ADD", xGroup, x)
	a.op("MOVW", at(segment, layout.SegmentDY), dy)
	a.op("ADD", dyGroup, dy)
	a.op("MOVW", at(segment, layout.SegmentRows), rowsLeft)
	a.op("MOVW", at(segment, layout.SegmentMask), mask)

	a.label("row")
	a.op("MOVD", x, px)
	a.op("MOVD", dy, pd)
	a.op("MOVW", at(segment, layout.SegmentCols), cols)
	a.op("CMPW", imm(1<<width-1), mask)
	a.op("BNE", "some")
	column := func(name string, multiply func()) {
		a.label(name)
		a.op("MOVD", pd, t)
		for _, v := range dys {
			a.op("VLD1.P", after(t, channel), group(v))
		}
		multiply()
		a.op("ADD", xCol, px)
		a.op("ADD", imm(blockBytes), pd)
		a.op("SUB", imm(1), cols)
		a.op("CBNZ", cols, name)
	}
	column("all", func() { a.multiplyAll(acc, dys, xs, px, offset, t) })
	a.op("B", "rowDone")
	column("some", func() { a.multiplySome(acc, dys, xs, px, offset, t, mask) })
	a.label("rowDone")
	a.op("MOVD", at(arg, layout.WeightXRow), t)
	a.op("ADD", t, x)
	a.op("MOVD", at(arg, layout.WeightDYRow), t)
	a.op("ADD", t, dy)
	a.op("SUB", imm(1), rowsLeft)
	a.op("CBNZ", rowsLeft, "row")

	a.op("ADD", imm(layout.SegmentSize), segment)
	a.addOffset(at(tile, layout.WeightTileHi), at(arg, layout.WeightSegments), u, t)
	a.op("CMP", u, segment)
	a.op("BNE", "segment")

	a.op("MOVD", at(arg, layout.WeightXGroup), t)
	a.op("ADD", t, xGroup)
	a.op("MOVD", at(arg, layout.WeightDYGroup), t)
	a.op("ADD", t, dyGroup)
	a.op("SUB", imm(1), groups)
	a.op("CBNZ", groups, "group")

	a.op("ADD", imm(8), "RSP", t)
	a.op("ADD", fmt.Sprintf("%s<<4", quarter), t) // sumsBytes for quarterBytes
	for r := range acc {
		a.op("VST1.P", group(acc[r]...), at(t, blockBytes))
	}
	a.op("ADD", imm(quarterBytes), quarter)
	a.op("CMP", imm(blockBytes), quarter)
	a.op("BNE", "quarter")

	a.addLanes(channels, t, u)
	// One by one onto dw.
	a.op("MOVW", at(tile, layout.WeightTileCount), u)
	a.op("MOVD", at(arg, layout.WeightDWRow), mask)
	sum, was, step := xs[0], xs[1], segment
	for p := range width {
		if p > 0 {
			a.op("CMP", imm(p), u)
			a.op("BLE", "added")
		}
		a.op("MOVW", at(tile, layout.WeightTileDW), t)
		a.op("ADD", dw, t)
		if p > 0 {
			a.op("MOVD", at(arg, layout.WeightDWStep), step)
			for range p {
				a.op("ADD", step, t)
			}
		}
		for r := range acc {
			a.op("FMOVS", at(t, 0), was.f())
			a.op("FMOVS", fmt.Sprintf("%d(RSP)", 8+quarterBytes*r+4*p), sum.f())
			a.op("FADDS", sum.f(), was.f())
			a.op("FMOVS", was.f(), at(t, 0))
			if r+1 < channels {
				a.op("ADD", mask, t)
			}
		}
	}
	a.label("added")
	a.op("ADD", imm(layout.WeightTileSize), tile)
	a.op("MOVD", at(arg, layout.WeightTiles), t)
	a.op("MOVD", at(arg, layout.WeightTilesSize), u)
	a.op("ADD", u, t)
	a.op("CMP", t, tile)
	a.op("BNE", "tile")

	a.op("MOVD", at(arg, layout.WeightDWRow), t)
	for range channels {
		a.op("ADD", channel, dyBlock)
		a.op("ADD", t, dw)
	}
	a.op("SUB", imm(1), blocks)
	a.op("CBNZ", blocks, "block")
	a.op("RET")
}

// addLanes adds up the lanes of the sums on the stack as addLanes of package
// kernel does: the upper half onto the lower one until one number is left. The
// sums of row r end up at quarterBytes*r there.
func (a *assembler) addLanes(channels int, t, u general) {
	a.vectors = 0                         // the sums in registers are on the stack now
	of := a.accumulators(quarters, width) // sums by quarter and place
	a.op("ADD", imm(8), "RSP", t)
	a.op("MOVD", t, u)
	for range channels {
		for q := range of {
			a.op("VLD1", at(t, 0), group(of[q]...))
			a.op("ADD", imm(sumsBytes), t)
		}
		a.op("SUB", imm(4*sumsBytes-blockBytes), t)
		for p := range width {
			a.addQuarters(of[0][p], of[1][p], of[2][p], of[3][p])
		}
		a.foldFour(of[0], of[1][0], of[1][1])
		a.op("VST1.P", group(of[0][0]), at(u, quarterBytes))
	}
}

// addQuarters adds up the quarters of a block: l onto l+8, then l onto l+4. The
// sums are in the first.
func (a *assembler) addQuarters(q0, q1, q2, q3 vector) {
	a.add(q0, q2, q0)
	a.add(q1, q3, q1)
	a.add(q0, q1, q0)
}

// foldFour adds up the lanes of four registers: l onto l+2, then 0 and 1. The sums
// are the lanes of the first.
func (a *assembler) foldFour(v []vector, lo, hi vector) {
	for i := 0; i < 4; i += 2 {
		a.zip1(vector.d2, v[i], v[i+1], lo)
		a.zip2(vector.d2, v[i], v[i+1], hi)
		a.add(lo, hi, v[i])
	}
	a.addPairs(v[0], v[2], v[0])
}
