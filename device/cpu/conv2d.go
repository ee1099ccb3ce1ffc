package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
	"gradus/op"
)

// convolution prepares the kernels of a window over images x with results y.
func convolution(w op.Window, x, y graph.Shape, isa kernel.ISA) *kernel.Convolution {
	return kernel.NewConvolution(kernel.Conv2d{
		C: x[1], H: x[2], W: x[3], K: y[1], R: w.Kernel[0], S: w.Kernel[1],
		StrideH: w.Stride[0], StrideW: w.Stride[1], Top: w.Padding.Top, Left: w.Padding.Left,
		OutH: y[2], OutW: y[3],
	}, isa)
}

// conv2d binds a convolution and what is fused with it.
func conv2d(o conv2dEnding, t types, isa kernel.ISA) (binding, bool) {
	own := len(t.in) // operands of the convolution
	if o.add {
		own--
	}
	k, channels := convolution(o.Window, t.in[0].Shape, t.out.Shape, isa), t.out.Shape[1]
	b := binding{kernel: o.Name(), class: mapped}
	b.channels(channels, 4, work(o.MultiplyAdds(t.in[:own], t.out)), func(c *call, lo, hi int) {
		e := kernel.Ending{ReLU: o.relu}
		if o.add {
			e.Add = c.in[own]
		}
		var bias []float32
		if own > 2 {
			bias = c.in[2]
		}
		k.Forward(c.out, c.in[0], c.in[1], bias, e, c.groups, lo, hi)
	})
	return b, true
}

// conv2dDataGradient binds a data gradient and what is fused with it.
func conv2dDataGradient(o conv2dDataEnding, t types, isa kernel.ISA) (binding, bool) {
	k, channels := convolution(o.Window, t.out.Shape, t.in[1].Shape, isa), t.out.Shape[1]
	b := binding{kernel: o.Name(), class: mapped}
	b.channels(channels, 4, work(o.MultiplyAdds(t.in[:2], t.out)), func(c *call, lo, hi int) {
		var e kernel.Ending
		if o.add {
			e.Add = c.in[2]
		}
		if o.gate {
			e.Gate = c.in[len(c.in)-1]
		}
		k.DataGradient(c.out, c.in[0], c.in[1], e, c.groups, lo, hi)
	})
	if o.gate && k.GateInPlace() {
		b.inPlace = len(t.in) // the last operand; what it holds is in the cache when it is overwritten
	}
	return b, true
}

func conv2dWeightGradient(o op.Conv2dWeightGradientOp, t types, isa kernel.ISA) (binding, bool) {
	k, channels := convolution(o.Window, t.in[0].Shape, t.in[1].Shape, isa), t.in[1].Shape[1]
	b := binding{kernel: "conv2d_weight_gradient", class: reduced, writes: true, scratch: k.Scratch()}
	b.channels(channels, k.WeightChannels(), work(o.MultiplyAdds(t.in, t.out)), func(c *call, lo, hi int) {
		k.WeightGradient(c.out, c.in[0], c.in[1], c.scratch, c.groups, lo, hi)
	})
	return b, true
}

// work is the multiply-adds of an operation, padding left out.
func work(_, effective int) int { return effective }

// partWork is how many multiply-adds a part has at least: tens of microseconds.
// Less costs more than it brings: half of what a part reads is then in the other
// core's cache.
const partWork = 1_000_000

// channels binds a kernel that computes a range of n channels. Parts are whole
// blocks of so many.
func (b *binding) channels(n, block, work int, run func(c *call, lo, hi int)) {
	b.run = func(c *call) { run(c, 0, n) }
	blocks := (n + block - 1) / block
	parts := min(blocks, max(1, work/partWork), maxParts)
	b.parts, b.cut = parts, func(c *call, part int) {
		run(c, min(n, part*blocks/parts*block), min(n, (part+1)*blocks/parts*block))
	}
}

// maxParts bounds the parts of one operation.
const maxParts = 8
