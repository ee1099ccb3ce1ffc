package bench

import "gradus/internal/kernel"

// kernels are the passes of a layer, over so many groups of samples.
type kernels struct {
	x, y          int // numbers of a group of inputs, of results
	weights, bias int
	forward       func(y, x, w, bias []float32, groups int)
	data          func(dx, w, dy []float32, groups int)
	weight        func(dw, x, dy []float32, groups int) // adds onto dw, which is zero
	whole         bool                                  // for the whole batch at once
}

func (l layer) kernels(isa kernel.ISA) kernels {
	if l.kernel == 0 {
		return l.dense(isa)
	}
	return l.convolution(isa)
}

func (l layer) convolution(isa kernel.ISA) kernels {
	side := l.outSide()
	c := kernel.NewConvolution(kernel.Conv2d{
		C: l.in, H: l.side, W: l.side, K: l.out, R: l.kernel, S: l.kernel,
		StrideH: l.stride, StrideW: l.stride, Top: l.padding, Left: l.padding, OutH: side, OutW: side,
	}, isa)
	scratch := make([]float32, c.Scratch())
	x, y := c.Sizes()
	return kernels{
		x: x, y: y, weights: l.out * l.in * l.kernel * l.kernel, bias: l.out,
		forward: func(y, x, w, bias []float32, groups int) { c.Forward(y, x, w, bias, kernel.Ending{}, groups, 0, l.out) },
		data:    func(dx, w, dy []float32, groups int) { c.DataGradient(dx, w, dy, kernel.Ending{}, groups, 0, l.in) },
		weight:  func(dw, x, dy []float32, groups int) { c.WeightGradient(dw, x, dy, scratch, groups, 0, l.out) },
	}
}

func (l layer) dense(isa kernel.ISA) kernels {
	d := kernel.NewDense(l.in, l.out, isa)
	groups := kernel.Groups(l.samples)
	data, weight := make([]float32, d.DataScratch(groups)), make([]float32, d.WeightScratch(groups))
	x, y := d.Sizes()
	return kernels{
		x: x, y: y, weights: l.out * l.in, bias: l.out, whole: d.Large(),
		forward: func(y, x, w, bias []float32, groups int) { d.Forward(y, x, w, bias, groups, 0, l.out) },
		data:    func(dx, w, dy []float32, groups int) { d.DataGradient(dx, w, dy, nil, data, groups, 0, l.in) },
		weight:  func(dw, x, dy []float32, groups int) { d.WeightGradient(dw, x, dy, weight, groups, 0, l.in) },
	}
}
