package kernel

// Average2x2 computes averages over windows of 2 x 2 that touch each other, as the
// convolution with weights of 1/4, channel by channel, does: to the same bits, with
// one pass over the images.
type Average2x2 struct {
	h, w         int
	outH, outW   int
	run, reverse func(small, big *float32, weight float32, cols, rows, planes, extraCols, extra, row int)
}

// average2x2 is the kernels of a direction, see unary.
type average2x2 [2]func(small, big *float32, weight float32, cols, rows, planes, extraCols, extra, row int)

// NewAverage2x2 prepares the kernels for a pool; nil where the pool is another one or
// the instruction set has none.
func NewAverage2x2(g *Pool2d, isa ISA) *Average2x2 {
	i, n := isa.vector(Lanes)
	if n == 0 || average2x2Kernels[i] == nil || [6]int{g.R, g.S, g.StrideH, g.StrideW, g.Top, g.Left} != [6]int{2, 2, 2, 2, 0, 0} ||
		g.OutH != g.H/2 || g.OutW != g.W/2 || g.OutH*g.OutW == 0 {
		return nil
	}
	return &Average2x2{g.H, g.W, g.OutH, g.OutW, average2x2Kernels[i], average2x2GradientKernels[i]}
}

// Forward computes y from the images x of any number of channels and groups.
func (a *Average2x2) Forward(y, x []float32) { a.each(y, x, a.run) }

// Gradient computes dx from dy.
func (a *Average2x2) Gradient(dx, dy []float32) { a.each(dy, dx, a.reverse) }

// each calls a kernel for as many planes as a call may take.
func (a *Average2x2) each(small, big []float32, kernel func(small, big *float32, weight float32, cols, rows, planes, extraCols, extra, row int)) {
	planes, together := len(small)/(a.outH*a.outW*Lanes), max(1, callBlocks/(a.outH*a.outW))
	for p := 0; p < planes; p += together {
		kernel(&small[p*a.outH*a.outW*Lanes], &big[p*a.h*a.w*Lanes], 0.25, a.outW, a.outH, min(together, planes-p),
			(a.w-2*a.outW)*blockSize, (a.h-2*a.outH)*a.w*blockSize, a.w*blockSize)
	}
}
