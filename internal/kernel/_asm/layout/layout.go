// Package layout is what the generators know of the structs package kernel hands
// to the kernels: offsets in bytes, and the meaning of numbers.
package layout

// Fields of tileArgs (tileargs.go in package kernel), eight bytes each.
const (
	TileX = 8 * iota
	TileY
	TileW
	TileBias
	TileTiles
	TileTilesSize
	TileTaps
	TileBlocks
	TileSkip
	TileWRow
	TileYRow
	TileStart
	TileFinish
	TileGate
	TileAdd
)

// How a tile's sums begin: values of tileArgs.start.
const (
	StartZero = iota
	StartBias
	StartResult
)

// What happens to finished sums, after the addition: values of tileArgs.finish.
const (
	FinishPlain = iota
	FinishReLU
	FinishGate
)

// Layout of a tile: six offsets into x, six into y; where its
// taps end, minus their size, the size of a term's; width, and
// whether it is uneven, a byte each.
const (
	TileBytes   = 64
	TileYOffset = 24
	TileEnd     = 48
	TileSize    = 52
	TileTerm    = 56
	TileWidth   = 60
	TileUneven  = 61
)

// Layout of a tap.
const (
	TapSize = 8
	TapW    = 4
)

// Fields of weightArgs (weightargs.go in package kernel), eight bytes each.
const (
	WeightX = 8 * iota
	WeightDY
	WeightDW
	WeightTiles
	WeightTilesSize
	WeightSegments
	WeightBlocks
	WeightXCol
	WeightXRow
	WeightDYRow
	WeightDYChannel
	WeightDWRow
	WeightGroups
	WeightXGroup
	WeightDYGroup
	WeightXStep
	WeightDWStep
	WeightSums
	WeightSumsStep
	WeightStart
	WeightFinish
)

// Where a weight tile's sums begin: values of weightArgs.start.
const (
	WeightsZero = iota
	WeightsSums
)

// Where they end: values of weightArgs.finish.
const (
	WeightsKept = iota
	WeightsAdded
)

// Layout of a weight tile: offsets into x and dw, first and last segment, count.
const (
	WeightTileSize  = 20
	WeightTileDW    = 4
	WeightTileLo    = 8
	WeightTileHi    = 12
	WeightTileCount = 16
)

// Layout of a segment.
const (
	SegmentSize = 20
	SegmentDY   = 4
	SegmentRows = 8
	SegmentCols = 12
	SegmentMask = 16
)

// Fields of chainArgs, eight bytes each: slices, counts of blocks, and distances in
// bytes.
const (
	ChainSlices = 8 * iota
	_
	_
	_
	_
	_
	_
	_
	ChainCols
	ChainRows
	ChainPlanes
	ChainRowSkip
	ChainPlaneSkip
	ChainSmallStep
	ChainSmallRowSkip
	ChainSmallPlaneSkip
)
