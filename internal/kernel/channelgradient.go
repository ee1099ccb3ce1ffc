package kernel

// A register tile of weight gradients ends with a sum over lanes. Where an
// output has few positions that sum costs more than the multiplications before
// it. Then output channels take the place of samples in the lanes: with dy
// transposed to rows of channels, one per position and sample, the gradient is a
// product like the others, and its result, one row of output channels per weight,
// is transposed back when it is added up.

// fewPositions is up to how many positions output channels are put into the
// lanes. It is part of the definition of the sum.
const fewPositions = 9

// channelGradient is the weight gradient with output channels in the lanes.
type channelGradient struct {
	g       Conv2d
	tilings tilings
	rows    int // of the result: input channels times taps
	// complete is whether all taps meet the image somewhere; others have no tile.
	complete bool
}

// newChannelGradient prepares the gradient, or returns nil where the other way
// is the better one.
func (g *Conv2d) newChannelGradient(isa ISA) *channelGradient {
	if g.OutH*g.OutW > fewPositions || g.K%Lanes != 0 {
		return nil
	}
	c := &channelGradient{g: *g, tilings: isa.tilings(g.channelTiles), rows: g.C * g.R * g.S, complete: true}
	for r := range g.R {
		lo, hi := span(r, g.StrideH, g.Top, g.H, g.OutH)
		c.complete = c.complete && lo < hi
	}
	for s := range g.S {
		lo, hi := span(s, g.StrideW, g.Left, g.W, g.OutW)
		c.complete = c.complete && lo < hi
	}
	return c
}

// channelTiles adds, for every tap, the tiles of all output channels, a block at
// a time. The taps of a tile are the positions its own tap has read.
func (g *Conv2d) channelTiles(t *tiling, w widths) {
	blocks := g.K / Lanes
	for r := range g.R {
		for s := range g.S {
			var list []tapEntry
			for i := range g.OutH {
				for j := range g.OutW {
					row, col := i*g.StrideH-g.Top+r, j*g.StrideW-g.Left+s
					if row >= 0 && row < g.H && col >= 0 && col < g.W {
						list = append(list, tapEntry{
							x: int32((i*g.OutW + j) * g.K * blockSize), w: int32((row*g.W + col) * blockSize),
						})
					}
				}
			}
			if len(list) == 0 {
				continue
			}
			k := 0
			for _, n := range w.even {
				for ; k+n <= blocks; k += n {
					t.even[n] = append(t.even[n], g.channelTile(t, list, r*g.S+s, k, n))
				}
			}
			for ; k < blocks; k += w.mixed {
				t.mixed = append(t.mixed, g.channelTile(t, list, r*g.S+s, k, min(w.mixed, blocks-k)))
			}
		}
	}
}

// channelTile is a tile of n blocks of output channels from block k on.
func (g *Conv2d) channelTile(t *tiling, list []tapEntry, tap, k, n int) tile {
	for i := range list {
		list[i].mask = 1<<n - 1
	}
	tile := t.listed(list, n)
	for i := range tile.x {
		b := k
		if i < n {
			b += i
		}
		tile.x[i], tile.y[i] = int32((b-k)*blockSize), int32((tap*g.K/Lanes+b)*blockSize)
	}
	tile.x[0] = int32(k * blockSize)
	return tile
}

// scratch is the number of floats add needs: dy transposed, and the result.
func (c *channelGradient) scratch() int {
	return c.g.OutH*c.g.OutW*Lanes*c.g.K + c.rows*c.g.K
}

// add adds the gradient of some groups onto dw.
func (c *channelGradient) add(isa ISA, dw, x, dy, scratch []float32, groups int) {
	g := &c.g
	positions := g.OutH * g.OutW
	in, out := g.C*g.H*g.W*Lanes, g.K*positions*Lanes
	turned, result := scratch[:out], scratch[out:][:c.rows*g.K]
	if !c.complete {
		clear(result)
	}
	for i := range groups {
		for k := 0; k < g.K; k += Lanes {
			for p := range positions {
				isa.transpose(turned[p*Lanes*g.K+k:], dy[i*out+(k*positions+p)*Lanes:], g.K, positions*Lanes)
			}
		}
		p := product{
			isa: isa, tilings: c.tilings, y: result, x: turned, w: x[i*in : (i+1)*in], more: i > 0,
			terms: Lanes, xStep: g.K, wTerm: 1, wRow: g.H * g.W * Lanes, yStep: g.R * g.S * g.K, lo: 0, hi: g.C,
		}
		p.compute()
	}
	whole := c.rows / Lanes * Lanes
	for k := 0; k < g.K; k += Lanes {
		for j := 0; j < whole; j += Lanes {
			isa.transposeAdd(dw[k*c.rows+j:], result[j*g.K+k:], c.rows, g.K)
		}
	}
	for k := range g.K {
		for j := whole; j < c.rows; j++ {
			dw[k*c.rows+j] += result[j*g.K+k]
		}
	}
}
