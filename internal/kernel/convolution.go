package kernel

import "math"

// Convolution computes one geometry with the kernels of one instruction set, on
// any number of groups. Its methods may run at the same time.
type Convolution struct {
	g       Conv2d
	isa     ISA
	forward product
	data    product
	weight  *weightTiling
	channel *channelGradient // instead of weight, where that is better
}

// NewConvolution prepares the kernels for a geometry. Images beyond the reach of
// 32-bit offsets are left to portable code.
func NewConvolution(g Conv2d, isa ISA) *Convolution {
	c := &Convolution{g: g, isa: isa}
	padded := (g.Top + g.H + g.R) * max(g.Left+g.W+g.S, g.OutW) // where places reach from
	if w := isa.width(); w > 0 && max(g.C*g.H*g.W, g.K*g.OutH*g.OutW, g.K*g.C*g.R*g.S, padded)*blockSize <= math.MaxInt32 {
		taps, image, result := g.R*g.S, g.H*g.W*Lanes, g.OutH*g.OutW*Lanes
		c.forward = isa.product(terms{g.C, image, taps}, g.K, g.forwardTiles)
		c.forward.yRow, c.forward.wRow = result, g.C*taps
		c.data = isa.product(terms{g.K, result, g.C * taps}, g.C, g.dataTiles)
		c.data.yRow, c.data.wRow = image, taps
		if c.channel = g.newChannelGradient(); c.channel == nil {
			c.weight = g.weightTiles(w, isa.keepsSums())
		}
	} else {
		c.isa = Portable
	}
	return c
}

// Sizes are the numbers of a group of images and of a group of results.
func (c *Convolution) Sizes() (x, y int) {
	g := &c.g
	return g.C * g.H * g.W * Lanes, g.K * g.OutH * g.OutW * Lanes
}

// Ending is what happens to a convolution's results before they are stored. The
// zero value stores them as they are.
type Ending struct {
	// Add is added, if it is not nil. It is like the results and must not
	// overlap them.
	Add []float32
	// ReLU then makes zero what is not above 0.
	ReLU bool
	// Gate, if it is not nil, makes zero what is not above 0 there: the gradient
	// of the relu that made it. It is like the results, and must not overlap them,
	// but where GateInPlace is true it may be their memory.
	Gate []float32
}

// part is the ending of one of some groups of n numbers.
func (e Ending) part(group, n int) Ending {
	if e.Add != nil {
		e.Add = e.Add[group*n : (group+1)*n]
	}
	if e.Gate != nil {
		e.Gate = e.Gate[group*n : (group+1)*n]
	}
	return e
}

// portable does it to the numbers lo..hi-1 of y.
func (e Ending) portable(y []float32, lo, hi int) {
	if y = y[lo:hi]; e.Add != nil {
		Portable.Add(y, y, e.Add[lo:hi])
	}
	if e.ReLU {
		Portable.ReLU(y, y)
	}
	if e.Gate != nil {
		Portable.ReLUGradient(y, e.Gate[lo:hi], y)
	}
}

// Forward computes the output channels k0..k1-1, see Conv2d.Forward.
func (c *Convolution) Forward(y, x, w, bias []float32, e Ending, groups, k0, k1 int) {
	g := &c.g
	in, out := c.Sizes()
	if c.isa != Portable {
		c.forward.groups(y, x, w, bias, e, groups, in, out, k0, k1)
		return
	}
	for i := range groups {
		y := y[i*out : (i+1)*out]
		g.Forward(y, x[i*in:(i+1)*in], w, bias, k0, k1)
		e.part(i, out).portable(y, k0*g.OutH*g.OutW*Lanes, k1*g.OutH*g.OutW*Lanes)
	}
}

// GateInPlace reports whether DataGradient looks at a gate before it stores anything
// there, so that results may take over its memory.
func (c *Convolution) GateInPlace() bool { return c.isa != Portable && c.data.uncut() }

// DataGradient computes the input channels c0..c1-1, see Conv2d.DataGradient.
func (c *Convolution) DataGradient(dx, w, dy []float32, e Ending, groups, c0, c1 int) {
	g := &c.g
	in, out := c.Sizes()
	if c.isa != Portable {
		c.data.groups(dx, dy, w, nil, e, groups, out, in, c0, c1)
		return
	}
	for i := range groups {
		dx := dx[i*in : (i+1)*in]
		g.DataGradient(dx, w, dy[i*out:(i+1)*out], c0, c1)
		e.part(i, in).portable(dx, c0*g.H*g.W*Lanes, c1*g.H*g.W*Lanes)
	}
}

// Scratch is the number of floats WeightGradient needs.
func (c *Convolution) Scratch() int {
	switch {
	case c.isa == Portable:
		return 0
	case c.channel != nil:
		return c.channel.scratch()
	}
	return (c.g.K + 3) / 4 * c.weight.slots
}

// WeightChannels is of how many output channels WeightGradient computes whole
// multiples best, or, where Scratch is not 0, only.
func (c *Convolution) WeightChannels() int {
	if c.channel == nil {
		return 4
	}
	return Lanes
}

// WeightGradient computes the output channels k0..k1-1 of dw, the sum of
// Conv2d.WeightGradient over all groups. A SIMD kernel adds up all groups before the
// lanes. Calls for different output channels may share the scratch memory.
func (c *Convolution) WeightGradient(dw, x, dy, scratch []float32, groups, k0, k1 int) {
	g := &c.g
	in, out := c.Sizes()
	x, dy = x[:groups*in], dy[:groups*out]
	if c.channel != nil && groups > 0 {
		c.channel.compute(c.isa, dw, x, dy, scratch, groups, k0, k1)
		return
	}
	row := g.C * g.R * g.S
	clear(dw[k0*row : k1*row])
	switch {
	case groups == 0:
	case c.isa == Portable:
		for i := range groups {
			g.WeightGradient(dw, x[i*in:(i+1)*in], dy[i*out:(i+1)*out], k0, k1)
		}
	default:
		sums := scratch[k0/4*c.weight.slots : (k1+3)/4*c.weight.slots]
		p := &weightProduct{c.weight, c.isa, pointer(dw), pointer(x), pointer(dy), pointer(sums), groups, k0, k1}
		p.compute()
	}
}
