package kernel

import (
	"fmt"
	"slices"
	"testing"

	"gradus/internal/kernel/chain"
	"gradus/random"
)

// chainOperands are the slices of a chain: inputs of special and usual numbers
// among NaN, outputs between guard bands.
func chainOperands(r *random.Stream, c *chain.Chain, n, small, offset int) (slices [][]float32, outputs []banded) {
	for i := range c.Slices() {
		size := n
		if i == c.Small {
			size = small
		}
		if c.IsNumber(i) {
			size = 1
		}
		if i < c.Inputs {
			x := amongNaN(r, size, offset)
			copy(x, numbers(r, size))
			slices = append(slices, x)
			continue
		}
		b := newBanded(size, offset)
		slices, outputs = append(slices, b.x), append(outputs, b)
	}
	return slices, outputs
}

// oneByOne computes a chain on whole slices, an operation after the other.
func oneByOne(isa ISA, c *chain.Chain, inputs [][]float32) (outputs [][]float32) {
	values := append([][]float32{}, inputs...)
	for i := range values {
		if c.IsNumber(i) {
			values[i] = slices.Repeat(values[i], len(values[0]))
		}
	}
	for _, s := range c.Steps {
		x, z, y := values[s.A], values[s.B], make([]float32, len(values[s.A]))
		switch s.Op {
		case chain.Add:
			isa.Add(y, x, z)
		case chain.Mul:
			isa.Mul(y, x, z)
		case chain.Less:
			isa.Affine(y, x, -1, s.Shift)
		case chain.ReLU:
			isa.ReLU(y, x)
		case chain.ReLUGradient:
			isa.ReLUGradient(y, x, z)
		case chain.Sigmoid:
			isa.Sigmoid(y, x)
		case chain.SigmoidGradient:
			isa.SigmoidGradient(y, x, z)
		case chain.Tanh:
			isa.Tanh(y, x)
		case chain.TanhGradient:
			isa.TanhGradient(y, x, z)
		}
		values = append(values, y)
	}
	for _, o := range c.Outputs {
		outputs = append(outputs, values[o.Value])
	}
	return outputs
}

// TestChains compares every chain with its operations one by one: any number of
// blocks, any start, outputs over their inputs or not.
func TestChains(t *testing.T) {
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(1, "chains")
		for _, c := range chain.All() {
			for _, n := range []int{0, 1, 2, 3, 5, 17, callBlocks + 1} {
				for offset := range 4 {
					const groups = 2
					k := NewChain(c, n, nil, isa)
					size := groups * n * Lanes
					slices, outputs := chainOperands(r, c, size, size, offset)
					want := oneByOne(isa, c, slices[:c.Inputs])
					scratch := newBanded(k.Scratch(), offset)
					k.Run(slices, scratch.x, groups)
					what := fmt.Sprintf("%s of %d blocks", c.Name, n)
					scratch.check(t, what+": scratch memory")
					for i, b := range outputs {
						if n > 0 {
							b.check(t, what)
						}
						near(t, fmt.Sprintf("%s: output %d", what, i), b.x, want[i], want[i], 0)
					}
					for i, o := range c.Outputs {
						if o.Over >= 0 {
							slices[c.Inputs+i] = slices[o.Over]
						}
					}
					k.Run(slices, scratch.x, groups)
					for i := range outputs {
						near(t, fmt.Sprintf("%s: output %d in place", what, i), slices[c.Inputs+i], want[i], want[i], 0)
					}
				}
			}
		}
	})
}

// TestChainsOfPaddedImages compares with a padding and the operations one by one.
func TestChainsOfPaddedImages(t *testing.T) {
	geometries := []Pad2d{
		{H: 3, W: 3, OutH: 4, OutW: 4},                      // a row and a column behind
		{H: 3, W: 2, Top: 1, Left: 2, OutH: 5, OutW: 6},     // on all sides
		{H: 4, W: 5, Left: 1, OutH: 4, OutW: 6},             // columns only
		{H: 2, W: 4, Top: 1, OutH: 5, OutW: 4},              // rows only
		{H: 5, W: 5, Top: -1, Left: -2, OutH: 3, OutW: 3},   // a crop
		{H: 5, W: 3, Top: -1, Left: 1, OutH: 4, OutW: 4},    // both
		{H: 2, W: 2, Top: 3, OutH: 3, OutW: 4},              // nothing inside
		{H: 70, W: 70, Top: 1, Left: 1, OutH: 71, OutW: 72}, // planes of several calls
		{H: 40, W: 40, Top: 1, Left: 1, OutH: 42, OutW: 42}, // several planes a call
		{H: 3, W: 3, OutH: 3, OutW: 3},                      // no padding at all
	}
	eachISA(t, func(t *testing.T, isa ISA) {
		r := random.New(2, "chains")
		for _, c := range chain.All() {
			if c.Small < 0 {
				continue
			}
			for i, g := range geometries {
				const groups = 2
				g.C = 1 + i%3
				n, small := g.C*g.OutH*g.OutW*Lanes, g.C*g.H*g.W*Lanes
				k := NewChain(c, n/Lanes, &g, isa)
				slices, outputs := chainOperands(r, c, groups*n, groups*small, i%4)
				for i := range outputs {
					if c.Inputs+i == c.Small {
						outputs[i] = newBanded(groups*small, i%4)
						slices[c.Small] = outputs[i].x
					}
				}
				inputs := append([][]float32{}, slices[:c.Inputs]...)
				if c.Small < c.Inputs {
					inputs[c.Small] = make([]float32, groups*n)
					for j := range groups {
						g.Forward(inputs[c.Small][j*n:], slices[c.Small][j*small:])
					}
				}
				want := oneByOne(isa, c, inputs)
				if c.Small >= c.Inputs {
					back := Pad2d{C: g.C, H: g.OutH, W: g.OutW, Top: -g.Top, Left: -g.Left, OutH: g.H, OutW: g.W}
					whole, padded := want[c.Small-c.Inputs], make([]float32, groups*small)
					for j := range groups {
						back.Forward(padded[j*small:], whole[j*n:])
					}
					want[c.Small-c.Inputs] = padded
				}
				scratch := newBanded(k.Scratch(), i%4)
				k.Run(slices, scratch.x, groups)
				what := fmt.Sprintf("%s of %+v", c.Name, g)
				scratch.check(t, what+": scratch memory")
				for i, b := range outputs {
					b.check(t, what)
					near(t, fmt.Sprintf("%s: output %d", what, i), b.x, want[i], want[i], 0)
				}
			}
		}
	})
}
