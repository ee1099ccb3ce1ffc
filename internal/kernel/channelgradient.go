package kernel

// Weight gradients with samples in the lanes end with a sum over the lanes. Where
// output channels come in whole blocks there is another way: they take the place
// of samples in the lanes. dy is transposed to rows of output channels, one per
// position and sample; what is added up is a number of an image times such a row.
// The result, one row of output channels per weight, is transposed back when it
// is written to dw.
//
// A sum is one chain over groups, positions in the order of index, and samples.

// channelWeights is from how many weights per output channel on transposing dy is
// worth it, channelInputs from how many input channels on: so many products a
// row of dy has, and so many while it is in a register. Both are part of the
// definition of the sum.
const (
	channelWeights = 32
	channelInputs  = 4
)

// channelGradient is the weight gradient with output channels in the lanes.
type channelGradient struct {
	g     Conv2d
	bands []channelBand
	rows  int // weights of an output channel
}

// newChannelGradient prepares the gradient, or returns nil where the other way
// is the better one.
func (g *Conv2d) newChannelGradient() *channelGradient {
	rows := g.C * g.R * g.S
	if g.K%Lanes != 0 || g.C < channelInputs || rows < channelWeights {
		return nil
	}
	return &channelGradient{*g, g.channelBands(), rows}
}

// scratch is the number of floats compute needs: a band of dy transposed, and the
// result.
func (c *channelGradient) scratch() int {
	most := 0
	for _, b := range c.bands {
		most = max(most, b.count)
	}
	return (most*Lanes + c.rows) * c.g.K
}

// compute computes the output channels k0..k1-1 of dw, whole blocks, over some groups.
// It uses the part of scratch that is theirs.
func (c *channelGradient) compute(isa ISA, dw, x, dy, scratch []float32, groups, k0, k1 int) {
	part := c.scratch() / c.g.K
	scratch = scratch[k0*part : k1*part]
	for k := k0; k < k1; {
		n := c.g.blocksTogether((k1 - k) / Lanes)
		c.blocks(isa, dw, x, dy, scratch, groups, k, n)
		k += n * Lanes
	}
}

// blocks does so for n blocks of output channels from k on. Their result stays in
// the second-level cache while all positions pass by.
func (c *channelGradient) blocks(isa ISA, dw, x, dy, scratch []float32, groups, k, n int) {
	g := &c.g
	positions := g.OutH * g.OutW
	in, out := g.C*g.H*g.W*Lanes, g.K*positions*Lanes
	block := c.rows * Lanes
	result, turned := scratch[:n*block], scratch[n*block:]
	for i := range groups {
		for j := range c.bands {
			b := &c.bands[j]
			for l := range n {
				isa.transpose(&squares{
					to: turned[l*b.count*Lanes*Lanes:], from: dy[i*out+((k+l*Lanes)*positions+b.first)*Lanes:],
					toRow: Lanes, fromRow: positions * Lanes,
					count: b.count, toNext: Lanes * Lanes, fromNext: Lanes,
				})
			}
			p := channelProduct{
				isa: isa, tiles: &b.tiles[n], y: result, x: turned, w: x[i*in+b.x*Lanes : (i+1)*in],
				more: i > 0 || j > 0, wRow: g.H * g.W * Lanes, yRow: g.R * g.S * Lanes,
			}
			p.compute(g.C)
		}
	}
	for l := range n {
		c.finish(isa, dw[(k+l*Lanes)*c.rows:], result[l*block:])
	}
}

// finish writes the result of a block of output channels to dw. The last rows may be
// fewer than a block: some of those before are written again.
func (c *channelGradient) finish(isa ISA, dw, result []float32) {
	whole := c.rows / Lanes
	s := squares{
		to: dw, from: result, toRow: c.rows, fromRow: Lanes,
		count: whole, toNext: Lanes, fromNext: Lanes * Lanes,
	}
	isa.transpose(&s)
	if first := c.rows - Lanes; c.rows > whole*Lanes {
		s.to, s.from, s.count = dw[first:], result[first*Lanes:], 1
		isa.transpose(&s)
	}
}

// channelProduct is the products of a band for some blocks of output channels:
// rows are input channels.
type channelProduct struct {
	isa        ISA
	tiles      *channelTiles
	y, x, w    []float32
	more       bool // add onto y
	wRow, yRow int  // from one row to the next
}

// compute computes all rows, in calls of bounded work. Where the last ones would
// be few, they are made more by some of those before.
func (p *channelProduct) compute(rows int) {
	most := p.isa.channelRows()
	blocks, rest := rows/most, rows%most
	if blocks > 0 && rest > 0 && rest < most/2 {
		blocks, rest = blocks-1, rest+most
	}
	for i, n := 0, 0; i < blocks; i += n {
		n = fitting(callWork, p.tiles.work, blocks-i)
		p.call(i*most, n, most)
	}
	row := blocks * most
	for rest > most {
		p.call(row, 1, rest/2)
		row, rest = row+rest/2, rest-rest/2
	}
	if rest > 0 {
		p.call(row, 1, rest)
	}
}

// channelRows is how many input channels are computed together at most.
func (s ISA) channelRows() int {
	if s == AVX512 {
		return 8
	}
	return 4
}
