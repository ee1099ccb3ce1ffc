package kernel

import "unsafe"

// weightArgs is the argument of the weightGradient kernels: pointers, then sizes in
// bytes. Its layout is known to the generators (_asm/layout).
type weightArgs struct {
	x, dy, dw       unsafe.Pointer
	tiles           unsafe.Pointer
	tilesSize       int
	segments        unsafe.Pointer
	blocks          int
	xCol, xRow      int
	dyRow           int
	dyChannel       int
	dwRow           int
	groups          int
	xGroup, dyGroup int
	xStep, dwStep   int
	sums            unsafe.Pointer // a slot per tile
	sumsStep        int
	start, finish   int
}

// Where the sums of weight tiles begin, and where they end.
const (
	weightsZero = iota // with zero
	weightsSums        // with what a call before has kept
)

const (
	weightsKept  = iota // for a call that follows
	weightsAdded        // on dw, all lanes
)

// measure sets the sizes of a geometry, once the tiles are complete.
func (t *weightTiling) measure(g *Conv2d) {
	t.sizes = weightArgs{
		xCol: g.StrideW * blockSize, xRow: g.StrideH * g.W * blockSize,
		dyRow: g.OutW * blockSize, dyChannel: g.OutH * g.OutW * blockSize, dwRow: g.C * g.R * g.S * 4,
		xGroup: g.C * g.H * g.W * blockSize, dyGroup: g.K * g.OutH * g.OutW * blockSize,
		xStep: t.xStep * blockSize, dwStep: t.dwStep * 4, finish: weightsAdded,
	}
	if len(t.segments) > 0 {
		t.sizes.segments = unsafe.Pointer(&t.segments[0])
	}
}

// weightCall is what the calls of a gradient have in common. Each changes what is its
// own, in place: the kernel reads it at once.
type weightCall struct {
	*weightProduct
	args weightArgs
}

// run adds the gradients of blocks of `rows` rows from row on, from a group on, for some
// tiles of one width.
func (c *weightCall) run(tiles []weightTile, width, group, row, blocks, rows int) {
	a := &c.args
	a.x = unsafe.Add(unsafe.Pointer(c.x), group*a.xGroup)
	a.dy = unsafe.Add(unsafe.Pointer(c.dy), group*a.dyGroup+row*a.dyChannel)
	a.dw = unsafe.Add(unsafe.Pointer(c.dw), row*a.dwRow)
	a.tiles, a.tilesSize, a.blocks = unsafe.Pointer(&tiles[0]), len(tiles)*weightTileBytes, blocks
	weightGradient(c.isa, a, rows, width)
}
