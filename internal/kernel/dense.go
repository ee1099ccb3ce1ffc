package kernel

// Dense computes a linear layer of In features and Out outputs with the kernels
// of one instruction set. Its methods may run at the same time.
//
// All three passes are matrix products. Their blocks are chosen such that what
// a panel of rows meets again and again stays in the first-level cache, and what
// all panels of a block meet in the second. That changes no bit: a sum that is cut
// goes on from what was stored.
type Dense struct {
	in, out int
	isa     ISA
}

// NewDense prepares the kernels for a layer.
func NewDense(in, out int, isa ISA) *Dense {
	if in == 0 || out == 0 {
		isa = Portable // the kernels sum over something
	}
	return &Dense{in, out, isa}
}

// Sizes are the numbers of a group of features and of a group of outputs.
func (d *Dense) Sizes() (x, y int) { return d.in * Lanes, d.out * Lanes }

// Large reports whether a layer is to be computed for the whole batch at once.
// Weights that do not stay in a core's cache beside other values should not pass
// by once per chunk of the batch, and a gradient for each chunk that is to be
// added up later costs more than arithmetic. It is part of the definition of the
// sum: with chunks the weights' gradients are sums of sums.
func (d *Dense) Large() bool { return d.in*d.out >= 1<<16 }

const (
	// forwardRows of weights, forwardTerms each, stay in the second-level cache
	// while all groups pass by; so many terms of two groups are 32 KB.
	forwardRows  = 96
	forwardTerms = 256
	// dataTerms is for how many outputs weights are packed at a time, dataRows for
	// how many features at most.
	dataTerms = 128
	dataRows  = 1536
	// weightGroups and weightFeatures are the part of x that is transposed at a
	// time, weightRows the outputs whose gradients are packed.
	weightGroups   = 16
	weightFeatures = 1024
	weightRows     = 48
	// packedGroups is the number of groups from which on copying an operand costs
	// less than reading it where it lies: a line here and a line there.
	packedGroups = 4
)

// Forward computes the outputs o0..o1-1, see LinearForward.
func (d *Dense) Forward(y, x, w, bias []float32, groups, o0, o1 int) {
	if d.isa == Portable {
		for g := range groups {
			LinearForward(y[g*d.out*Lanes:], x[g*d.in*Lanes:], w, bias, d.in, o0, o1)
		}
		return
	}
	if groups == 0 {
		return
	}
	for o := o0; o < o1; o += forwardRows {
		rows := min(forwardRows, o1-o)
		for i := 0; i < d.in; i += forwardTerms {
			p := gemm{
				isa: d.isa, height: d.isa.gemmHeight(),
				x: x[i*Lanes:], xColumn: d.in * Lanes, y: y[o*Lanes:], yColumn: d.out * Lanes, yRow: Lanes,
				w: w[o*d.in+i:], wRow: d.in, wTerm: 1, wPanel: d.isa.gemmHeight() * d.in,
				terms: min(forwardTerms, d.in-i), segments: 1,
			}
			switch {
			case i > 0:
				p.start = startResult
			case bias != nil:
				p.bias, p.start = bias[o:], startBias
			}
			p.compute(groups, rows)
		}
	}
}

// DataScratch is the number of floats DataGradient needs for so many groups.
func (d *Dense) DataScratch(groups int) int {
	if d.isa == Portable || groups < packedGroups {
		return 0
	}
	return panels(min(d.in, dataRows), d.isa) * d.isa.gemmPanel(min(d.out, dataTerms))
}

// panels is how many panels so many rows fill.
func panels(rows int, isa ISA) int { return (rows + isa.gemmHeight() - 1) / isa.gemmHeight() }

// DataGradient computes the features i0..i1-1, see LinearDataGradient. Where gate is
// not nil it makes zero what is not above 0 there: the gradient of the relu that made
// the features. It may be dx if GateInPlace says so and all features are computed, and
// must not overlap it otherwise.
func (d *Dense) DataGradient(dx, w, dy, gate, scratch []float32, groups, i0, i1 int) {
	if blocks := (i1 - i0) / Lanes; d.single(groups) && blocks > 0 {
		d.dataBlocks(dx, w, dy, gate, i0, blocks)
		if i0+blocks*Lanes < i1 {
			d.dataBlocks(dx, w, dy, gate, i1-Lanes, 1) // some once more: they stay the same
		}
		return
	}
	if d.isa == Portable {
		for g := range groups {
			LinearDataGradient(dx[g*d.in*Lanes:], w, dy[g*d.out*Lanes:], d.in, d.out, i0, i1)
		}
	} else if groups > 0 {
		d.dataPanels(dx, w, dy, scratch, groups, i0, i1)
	}
	for g := 0; g < groups && gate != nil; g++ {
		lo, hi := (g*d.in+i0)*Lanes, (g*d.in+i1)*Lanes
		d.isa.ReLUGradient(dx[lo:hi], gate[lo:hi], dx[lo:hi])
	}
}

// GateInPlace reports whether the data gradient of so many groups may be written over
// its gate: where every feature is computed once, and gated before it is stored.
func (d *Dense) GateInPlace(groups int) bool {
	return d.single(groups) && d.in%Lanes == 0
}

// single reports whether the data gradient is computed by the kernel for one group,
// which goes through all rows of weights for every block of features. A large layer's
// rows are in too many places for that.
func (d *Dense) single(groups int) bool { return d.isa == AVX512 && groups == 1 && !d.Large() }

// dataPanels computes features in panels.
func (d *Dense) dataPanels(dx, w, dy, scratch []float32, groups, i0, i1 int) {
	for i := i0; i < i1; i += dataRows {
		rows := min(dataRows, i1-i)
		for o := 0; o < d.out; o += dataTerms {
			terms := min(dataTerms, d.out-o)
			p := gemm{
				isa: d.isa, height: d.isa.gemmHeight(),
				x: dy[o*Lanes:], xColumn: d.out * Lanes, y: dx[i*Lanes:], yColumn: d.in * Lanes, yRow: Lanes,
				w: w[o*d.in+i:], wRow: 1, wTerm: d.in, wPanel: d.isa.gemmHeight(),
				terms: terms, segments: 1,
			}
			if o > 0 {
				p.start = startResult
			}
			if groups >= packedGroups {
				d.isa.gemmPack(scratch, p.w, rows, terms, d.in)
				p.w, p.wTerm, p.wPanel = scratch, p.height, d.isa.gemmPanel(terms)
			}
			p.compute(groups, rows)
		}
	}
}

// WeightScratch is the number of floats WeightGradient needs for so many groups.
func (d *Dense) WeightScratch(groups int) int {
	if d.isa == Portable {
		return 0
	}
	features := min(d.in, weightFeatures)
	if d.blockwise(features) {
		features = Lanes - 1 // parts of less than a block
	}
	features = blocks(features) * min(groups, weightGroups) * Lanes
	rest := max(min(d.out, weightRows), Lanes)
	return (features+rest)*Lanes + d.packedRows(groups)
}

// packedRows is the number of floats for the gradients of a block of outputs.
func (d *Dense) packedRows(groups int) int {
	if groups < packedGroups {
		return 0
	}
	return panels(min(d.out, weightRows), d.isa) * d.isa.gemmPanel(min(groups, weightGroups)*Lanes)
}

// blocks is how many blocks so many numbers fill.
func blocks(n int) int { return (n + Lanes - 1) / Lanes }

// blockwise reports whether so many columns of a weight gradient are computed by
// kernels that transpose a block of features while they multiply it: for every panel
// of outputs again, so there must not be many, and a single one where the features
// do not stay in a cache.
func (d *Dense) blockwise(features int) bool {
	most := weightRows
	if d.Large() {
		most = d.isa.gemmHeight()
	}
	return d.isa == AVX512 && d.out <= most && features >= Lanes
}

// WeightGradient computes the columns i0..i1-1 of dw, the sum of
// LinearWeightGradient over all groups. The SIMD kernels put features instead of
// samples into the lanes, which needs the features transposed but no sum over
// lanes: samples are added one by one.
func (d *Dense) WeightGradient(dw, x, dy, scratch []float32, groups, i0, i1 int) {
	if d.isa == Portable || groups == 0 {
		for o := range d.out {
			clear(dw[o*d.in+i0 : o*d.in+i1])
		}
		for g := range groups {
			LinearWeightGradient(dw, x[g*d.in*Lanes:], dy[g*d.out*Lanes:], d.in, d.out, i0, i1)
		}
		return
	}
	if features := i1 - i0; d.blockwise(features) {
		d.weightBlocks(dw, x, dy, groups, i0, features/Lanes)
		if features%Lanes > 0 {
			d.weightBlocks(dw, x, dy, groups, i1-Lanes, 1) // some once more: they stay the same
		}
		return
	}
	gradients := scratch[:d.packedRows(groups)]
	scratch = scratch[len(gradients):]
	for g := 0; g < groups; g += weightGroups {
		n := min(weightGroups, groups-g)
		for i := i0; i < i1; i += weightFeatures {
			width := min(weightFeatures, i1-i)
			features := scratch[:blocks(width)*n*Lanes*Lanes]
			rest := scratch[len(features):]
			d.transpose(features, x[(g*d.in+i)*Lanes:], rest, width, n)
			for o := 0; o < d.out; o += weightRows {
				rows := min(weightRows, d.out-o)
				p := gemm{
					isa: d.isa, height: d.isa.gemmHeight(),
					x: features, xColumn: n * Lanes * Lanes, y: dw[o*d.in+i:], yColumn: Lanes, yRow: d.in,
					w: dy[(g*d.out+o)*Lanes:], wRow: Lanes, wTerm: 1, wPanel: d.isa.gemmHeight() * Lanes, wSegment: (d.out - 1) * Lanes,
					terms: Lanes, segments: n,
				}
				if g > 0 {
					p.start = startResult
				}
				if len(gradients) > 0 {
					d.packGradients(gradients, p.w, rows, n)
					p.w, p.wPanel, p.wSegment = gradients, d.isa.gemmPanel(n*Lanes), (p.height-1)*Lanes
				}
				p.compute(width/Lanes, rows)
				if width%Lanes > 0 {
					d.lastColumns(p, rest, width, rows)
				}
			}
		}
	}
}

// transpose writes the features of a sample as neighbours: for every block of
// features the samples of all groups. rest is memory for where there are less
// than a block.
func (d *Dense) transpose(to, x, rest []float32, features, groups int) {
	block := Lanes * Lanes
	for i := 0; i+Lanes <= features; i += Lanes {
		d.isa.transpose(&squares{to: to[i*groups*Lanes:], from: x[i*Lanes:], toRow: Lanes, fromRow: Lanes, count: groups, toNext: block, fromNext: d.in * Lanes})
	}
	whole := features / Lanes * Lanes
	n := features - whole
	for g := 0; g < groups && n > 0; g++ {
		clear(rest[n*Lanes : block])
		copy(rest, x[(g*d.in+whole)*Lanes:][:n*Lanes])
		d.isa.transpose(&squares{to: to[whole*groups*Lanes+g*block:], from: rest, toRow: Lanes, fromRow: Lanes, count: 1})
	}
}

// packGradients copies the gradients of some outputs into panels, group by
// group: what a panel reads is then one stretch of memory.
func (d *Dense) packGradients(to, dy []float32, rows, groups int) {
	height, panel := d.isa.gemmHeight(), d.isa.gemmPanel(groups*Lanes)
	for g := range groups {
		for row := 0; row < rows; row += height {
			n := min(height, rows-row)
			copy(to[row/height*panel+g*height*Lanes:][:n*Lanes], dy[(g*d.out+row)*Lanes:])
		}
	}
}

// lastColumns computes the columns behind the last whole block, less than one,
// in memory for a block.
func (d *Dense) lastColumns(p gemm, block []float32, width, rows int) {
	whole := width / Lanes
	rest, y := width-whole*Lanes, p.y[whole*Lanes:]
	p.x, p.y, p.yRow = p.x[whole*p.xColumn:], block, Lanes
	if p.start == startResult {
		for row := range rows {
			copy(block[row*Lanes:][:rest], y[row*d.in:])
		}
	}
	p.compute(1, rows)
	for row := range rows {
		copy(y[row*d.in:][:rest], block[row*Lanes:])
	}
}
