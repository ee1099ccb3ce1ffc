package layout

// Fields of channelArgs (channelargs.go in package kernel), eight bytes each.
const (
	ChannelX = 8 * iota
	ChannelW
	ChannelY
	ChannelTiles
	ChannelTilesSize
	ChannelTaps
	ChannelBlocks
	ChannelWRow
	ChannelYRow
	ChannelMore
)

// ChannelWidth is the most places of a tile, ChannelRows the most input channels,
// ChannelRowsWide with 32 registers of a whole block.
const (
	ChannelWidth    = 3
	ChannelRows     = 4
	ChannelRowsWide = 8
)

// Layout of a tile: offsets of its places into x and y, first and last tap, count.
const (
	ChannelTileSize  = 36
	ChannelTileY     = 12
	ChannelTileLo    = 24
	ChannelTileHi    = 28
	ChannelTileCount = 32
)

// Layout of a tap.
const (
	ChannelTapSize = 12
	ChannelTapW    = 4
	ChannelTapMask = 8
)
