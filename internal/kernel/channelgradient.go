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
	g      Conv2d
	tiling *tiling
	rows   int // of the result: input channels times taps
}

// newChannelGradient prepares the gradient, or returns nil where the other way
// is the better one.
func (g *Conv2d) newChannelGradient(width, narrow int) *channelGradient {
	if g.OutH*g.OutW > fewPositions || g.K%Lanes != 0 {
		return nil
	}
	c := &channelGradient{g: *g, tiling: &tiling{}, rows: g.C * g.R * g.S}
	for r := range g.R {
		for s := range g.S {
			var list []tapEntry // the positions this tap has read
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
			if len(list) > 0 {
				c.tiles(r*g.S+s, list, width)
			}
		}
	}
	c.tiling.sorted(narrow)
	return c
}

// tiles adds the tiles of one tap: all output channels, a block at a time.
func (c *channelGradient) tiles(tap int, list []tapEntry, width int) {
	t, blocks := c.tiling, c.g.K/Lanes
	t.most = max(t.most, len(list))
	for k := 0; k < blocks; k += width {
		n := min(width, blocks-k)
		for i := range list {
			list[i].mask = 1<<n - 1
		}
		at := find(t.taps, list)
		if at < 0 {
			at = len(t.taps)
			t.taps = append(t.taps, list...)
		}
		tile := tile{tapLo: int32(at * tapBytes), tapHi: int32((at + len(list)) * tapBytes), count: int32(n)}
		for i := range tile.x {
			b := k
			if i < n {
				b += i
			}
			tile.x[i], tile.y[i] = int32((b-k)*blockSize), int32((tap*blocks+b)*blockSize)
		}
		tile.x[0] = int32(k * blockSize)
		t.tiles = append(t.tiles, tile)
	}
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
	clear(result) // taps that never meet the image have no tile
	for i := range groups {
		for k := 0; k < g.K; k += Lanes {
			for p := range positions {
				isa.transpose(turned[p*Lanes*g.K+k:], dy[i*out+(k*positions+p)*Lanes:], g.K, positions*Lanes)
			}
		}
		p := product{
			isa: isa, tiling: c.tiling, y: result, x: turned, w: x[i*in : (i+1)*in], more: true,
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
