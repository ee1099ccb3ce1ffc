package kernel

import "gradus/internal/kernel/chain"

// Chain computes a chain of elementwise operations with the kernels of one
// instruction set, on any number of groups. Run may run several times at once.
type Chain struct {
	isa   ISA
	chain *chain.Chain
	boxes []box // of one group
	clear bool  // nothing is stored to some places of the small output
}

// NewChain prepares one of chain.All for groups of n blocks. Where the small slice
// has images of another size, pad is the geometry of the padding that brings them to
// the others', else nil.
func NewChain(c *chain.Chain, n int, pad *Pad2d, isa ISA) *Chain {
	k := &Chain{isa: isa, chain: c}
	if pad == nil {
		for at := 0; at < n; at += callBlocks {
			k.boxes = append(k.boxes, box{
				at: at * Lanes, cols: min(callBlocks, n-at), rows: 1, planes: 1, smallAt: at * Lanes, smallStep: Lanes,
			})
		}
		return k
	}
	for _, b := range pad.boxes() {
		k.boxes = append(k.boxes, b.cut()...)
	}
	inside := pad.Top >= 0 && pad.Left >= 0 && pad.H+pad.Top <= pad.OutH && pad.W+pad.Left <= pad.OutW
	k.clear = k.chain.Small >= k.chain.Inputs && !inside
	return k
}

// Scratch is the number of floats Run needs.
func (k *Chain) Scratch() int { return (1 + len(k.chain.Steps) + k.chain.Numbers) * Lanes }

// Run computes the chain on inputs and then outputs. An output may lie over the
// input the chain names. All values are those of the operations one by one, to
// the bit.
func (k *Chain) Run(slices [][]float32, scratch []float32, groups int) {
	if k.clear {
		clear(slices[k.chain.Small])
	}
	var own [chain.MaxSlices][]float32 // of one group
	for g := range groups {
		for i, s := range slices {
			if k.chain.IsNumber(i) {
				own[i] = s
				continue
			}
			n := len(s) / groups
			own[i] = s[g*n : (g+1)*n : (g+1)*n]
		}
		for i := range k.boxes {
			if k.isa == Portable {
				k.portable(&k.boxes[i], &own, scratch)
			} else {
				k.simd(&k.boxes[i], &own, scratch)
			}
		}
	}
}

// box is a part of all planes of the images: blocks that have a place in the small
// slice, or blocks that do not. Distances are floats.
type box struct {
	at                  int // first block
	cols, rows, planes  int
	rowSkip, planeSkip  int // from behind a row to the next, from behind a plane's rows to the next
	smallAt, smallStep  int // a step of 0 says that there is no place
	smallRow, smallSkip int // the small slice's rowSkip and planeSkip
}

// boxes cuts the bigger images of a padding into what is inside the smaller ones and
// up to four boxes around that.
func (g *Pad2d) boxes() []box {
	i0, i1 := max(0, g.Top), min(g.OutH, g.H+g.Top)
	j0, j1 := max(0, g.Left), min(g.OutW, g.W+g.Left)
	if i0 >= i1 || j0 >= j1 {
		i0, i1, j0, j1 = g.OutH, g.OutH, 0, 0
	}
	var list []box
	add := func(i0, i1, j0, j1 int, inside bool) {
		if i0 >= i1 || j0 >= j1 {
			return
		}
		b := box{
			at: (i0*g.OutW + j0) * Lanes, cols: j1 - j0, rows: i1 - i0, planes: g.C,
			rowSkip: (g.OutW - j1 + j0) * Lanes, planeSkip: (g.OutH - i1 + i0) * g.OutW * Lanes,
		}
		if inside {
			b.smallAt, b.smallStep = ((i0-g.Top)*g.W+j0-g.Left)*Lanes, Lanes
			b.smallRow, b.smallSkip = (g.W-j1+j0)*Lanes, (g.H-i1+i0)*g.W*Lanes
		}
		list = append(list, b)
	}
	add(i0, i1, j0, j1, true)
	add(0, i0, 0, g.OutW, false)
	add(i1, g.OutH, 0, g.OutW, false)
	add(i0, i1, 0, j0, false)
	add(i0, i1, j1, g.OutW, false)
	return list
}

// callBlocks is how many blocks a call computes at most: assembly cannot be
// preempted.
const callBlocks = 4096

// cut cuts a box into some planes each, or some rows of a plane.
func (b box) cut() []box {
	planes := max(1, callBlocks/(b.cols*b.rows))
	rows := b.rows
	if planes == 1 {
		rows = min(rows, max(1, callBlocks/b.cols))
	}
	var list []box
	for p := 0; p < b.planes; p += planes {
		for r := 0; r < b.rows; r += rows {
			part := b
			part.planes, part.rows = min(planes, b.planes-p), min(rows, b.rows-r)
			row, smallRow := b.cols*Lanes+b.rowSkip, b.cols*b.smallStep+b.smallRow
			part.at += p*(b.rows*row+b.planeSkip) + r*row
			part.smallAt += p*(b.rows*smallRow+b.smallSkip) + r*smallRow
			list = append(list, part)
		}
	}
	return list
}

// portable computes a box block by block: the operations one after the other.
func (k *Chain) portable(b *box, slices *[chain.MaxSlices][]float32, scratch []float32) {
	at, small := b.at, b.smallAt
	for range b.planes {
		for range b.rows {
			for range b.cols {
				k.block(slices, scratch, at, small, b.smallStep > 0)
				at, small = at+Lanes, small+b.smallStep
			}
			at, small = at+b.rowSkip, small+b.smallRow
		}
		at, small = at+b.planeSkip, small+b.smallSkip
	}
}

// block computes the block of all slices at a place, of the small slice if it has
// one there. All inputs are read before anything is stored.
func (k *Chain) block(slices *[chain.MaxSlices][]float32, scratch []float32, at, smallAt int, has bool) {
	c := k.chain
	value := func(i int) []float32 {
		switch {
		case i >= c.Inputs:
			return scratch[(1+i-c.Inputs)*Lanes:][:Lanes]
		case c.IsNumber(i):
			one := scratch[(1+len(c.Steps)+i-c.Inputs+c.Numbers)*Lanes:][:Lanes]
			for l := range one {
				one[l] = slices[i][0]
			}
			return one
		case i != c.Small:
			return slices[i][at:][:Lanes]
		case has:
			return slices[i][smallAt:][:Lanes]
		}
		clear(scratch[:Lanes])
		return scratch[:Lanes]
	}
	for i, s := range c.Steps {
		y, x, z := value(c.Inputs+i), value(s.A), []float32(nil)
		if s.Op.Operands() == 2 {
			z = value(s.B)
		}
		switch s.Op {
		case chain.Add:
			k.isa.Add(y, x, z)
		case chain.Mul:
			k.isa.Mul(y, x, z)
		case chain.Less:
			k.isa.Affine(y, x, -1, s.Shift)
		case chain.ReLU:
			k.isa.ReLU(y, x)
		case chain.ReLUGradient:
			k.isa.ReLUGradient(y, x, z)
		case chain.Sigmoid:
			k.isa.Sigmoid(y, x)
		case chain.SigmoidGradient:
			k.isa.SigmoidGradient(y, x, z)
		case chain.Tanh:
			k.isa.Tanh(y, x)
		case chain.TanhGradient:
			k.isa.TanhGradient(y, x, z)
		}
	}
	for i, o := range c.Outputs {
		switch {
		case c.Inputs+i != c.Small:
			copy(slices[c.Inputs+i][at:][:Lanes], value(o.Value))
		case has:
			copy(slices[c.Inputs+i][smallAt:][:Lanes], value(o.Value))
		}
	}
}
