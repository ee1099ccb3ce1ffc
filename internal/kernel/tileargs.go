package kernel

import "unsafe"

// tileArgs is the argument of the multiply kernels: pointers, then sizes in bytes. Its
// layout is known to the generators (_asm/layout).
type tileArgs struct {
	x, y, w, bias unsafe.Pointer
	tiles         unsafe.Pointer
	tilesSize     int
	taps          unsafe.Pointer
	blocks        int // of channels
	skip          int // terms that are listed and not used
	wRow, yRow    int
	start         int
	finish        int
	gate          int // from y to the gate
	add           int // from y to what is added, 0 for nothing
}

// call is what calls of a kernel have in common. A call works off at most callWork
// register tiles of multiply-adds: assembly cannot be preempted, so it must end
// within a millisecond.
type call struct {
	*product
	*tiling
	*operands
	args    tileArgs
	term    int // the first
	weights int // of a row
}

// begin sets what all calls have in common.
func (c *call) begin() {
	c.args.wRow, c.args.yRow = c.wRow*4, c.yRow*4
	if len(c.taps) > 0 {
		c.args.taps = unsafe.Pointer(&c.taps[0])
	}
}

// cut goes on to the terms from one on.
func (c *call) cut(term int) {
	o, a := c.operands, &c.args
	a.x = unsafe.Add(unsafe.Pointer(o.x), term*c.terms.x*4)
	c.term = term
	terms := min(c.together, c.terms.count-term)
	a.skip = c.together - terms
	c.weights = terms * c.most
	switch {
	case term > 0:
		a.start = startResult
	case o.bias != nil:
		a.start = startBias
	default:
		a.start = startZero
	}
	a.finish, a.gate, a.add = finishPlain, 0, 0
	if term+terms < c.terms.count {
		return
	}
	switch {
	case o.gate != nil:
		a.finish, a.gate = finishGate, apart(o.y, o.gate)
	case o.relu:
		a.finish = finishReLU
	}
	if o.add != nil {
		a.add = apart(o.y, o.add)
	}
}

// prefetch asks for the weights of rows lo..hi-1, for the terms from one on. Where a
// row's do not lie together it is no help: there are too many pages.
func (c *call) prefetch(term, lo, hi int) {
	if c.terms.w > c.wRow {
		return
	}
	w := unsafe.Add(unsafe.Pointer(c.w), (lo*c.wRow+term*c.terms.w)*4)
	for row := range hi - lo {
		prefetch((*byte)(unsafe.Add(w, row*c.wRow*4)), c.together*c.terms.w*4)
	}
}

// run computes blocks of `rows` rows from row on, of tiles first..last-1.
func (c *call) run(first, last, row, blocks, rows int) {
	o, a := c.operands, &c.args
	a.y = unsafe.Add(unsafe.Pointer(o.y), row*a.yRow)
	a.w = unsafe.Add(unsafe.Pointer(o.w), row*a.wRow+c.term*c.terms.w*4)
	if o.bias != nil {
		a.bias = unsafe.Add(unsafe.Pointer(o.bias), row*4)
	}
	a.tiles, a.tilesSize = unsafe.Pointer(&c.tiles[first]), (last-first)*tileBytes
	a.blocks = blocks
	multiply(c.isa, a, rows)
}

// apart is how many bytes lie from one number to another.
func apart(from, to *float32) int {
	return int(uintptr(unsafe.Pointer(to)) - uintptr(unsafe.Pointer(from)))
}
