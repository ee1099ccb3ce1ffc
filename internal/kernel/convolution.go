package kernel

import "math"

// Convolution computes one geometry with the kernels of one instruction set, on
// any number of groups. Its methods may run at the same time.
type Convolution struct {
	g       Conv2d
	isa     ISA
	forward tilings
	data    tilings
	weight  *weightTiling
	channel *channelGradient // instead of weight, where that is better
}

// NewConvolution prepares the kernels for a geometry. Images beyond the reach of
// 32-bit offsets are left to portable code.
func NewConvolution(g Conv2d, isa ISA) *Convolution {
	c := &Convolution{g: g, isa: isa}
	if w := isa.width(); w > 0 && max(g.C*g.H*g.W, g.K*g.OutH*g.OutW, g.K*g.C*g.R*g.S)*blockSize <= math.MaxInt32 {
		c.forward, c.data = isa.tilings(g.forwardTiles), isa.tilings(g.dataTiles)
		c.weight = g.weightTiles(w, isa.keepsSums())
		c.channel = g.newChannelGradient(isa)
	} else {
		c.isa = Portable
	}
	return c
}

// Forward computes the output channels k0..k1-1, see Conv2d.Forward, and with
// relu makes zero what is not above 0.
func (c *Convolution) Forward(y, x, w, bias []float32, relu bool, groups, k0, k1 int) {
	g := &c.g
	in, out, plane := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes, g.OutH*g.OutW*Lanes
	for i := range groups {
		y, x := y[i*out:(i+1)*out], x[i*in:(i+1)*in]
		if c.isa == Portable {
			g.Forward(y, x, w, bias, k0, k1)
			if part := y[k0*plane : k1*plane]; relu {
				Portable.ReLU(part, part)
			}
			continue
		}
		p := product{
			isa: c.isa, tilings: c.forward, y: y, x: x, w: w, bias: bias, relu: relu,
			terms: g.C, xStep: g.H * g.W * Lanes, wTerm: g.R * g.S,
			wRow: g.C * g.R * g.S, yStep: g.OutH * g.OutW * Lanes, lo: k0, hi: k1,
		}
		p.compute()
	}
}

// DataGradient computes the input channels c0..c1-1, see Conv2d.DataGradient.
// Unless gate is nil, it makes zero what is not above 0 there: the gradient of
// the relu that made the images, given its results.
func (c *Convolution) DataGradient(dx, w, dy, gate []float32, groups, c0, c1 int) {
	g := &c.g
	plane := g.H * g.W * Lanes
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	for i := range groups {
		dx, dy := dx[i*in:(i+1)*in], dy[i*out:(i+1)*out]
		var own []float32 // the group's part of the gate
		if gate != nil {
			own = gate[i*in : (i+1)*in]
		}
		if c.isa == Portable {
			g.DataGradient(dx, w, dy, c0, c1)
			if part := dx[c0*plane : c1*plane]; own != nil {
				Portable.ReLUGradient(part, own[c0*plane:c1*plane], part)
			}
			continue
		}
		p := product{
			isa: c.isa, tilings: c.data, y: dx, x: dy, w: w, gate: own,
			terms: g.K, xStep: g.OutH * g.OutW * Lanes, wTerm: g.C * g.R * g.S,
			wRow: g.R * g.S, yStep: g.H * g.W * Lanes, lo: c0, hi: c1,
		}
		p.compute()
	}
}

// Scratch is the number of floats WeightGradient needs.
func (c *Convolution) Scratch() int {
	if c.channel == nil {
		return 0
	}
	return c.channel.scratch()
}

// WeightGradient adds onto the output channels k0..k1-1 of dw, see
// Conv2d.WeightGradient. A SIMD kernel adds up all groups before the lanes.
// Where Scratch is not 0, all output channels are computed at once.
func (c *Convolution) WeightGradient(dw, x, dy, scratch []float32, groups, k0, k1 int) {
	g := &c.g
	in, out := g.C*g.H*g.W*Lanes, g.K*g.OutH*g.OutW*Lanes
	switch {
	case c.isa == Portable:
		for i := range groups {
			g.WeightGradient(dw, x[i*in:(i+1)*in], dy[i*out:(i+1)*out], k0, k1)
		}
	case c.channel != nil:
		c.channel.add(c.isa, dw, x, dy, scratch, groups)
	default:
		p := weightProduct{
			isa: c.isa, tiling: c.weight, dw: dw, x: x, dy: dy,
			xCol: g.StrideW, xRow: g.StrideH * g.W, dyRow: g.OutW, dyChannel: g.OutH * g.OutW,
			dwRow: g.C * g.R * g.S, groups: groups, xGroup: in, dyGroup: out, lo: k0, hi: k1,
		}
		p.compute()
	}
}
