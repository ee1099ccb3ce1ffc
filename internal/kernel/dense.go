package kernel

import "math"

// Dense computes a linear layer of In features and Out outputs with the kernels
// of one instruction set. Its methods may run at the same time.
type Dense struct {
	in, out int
	isa     ISA
	forward []tilings // of 1, 2, ... groups
	data    []tilings
	columns []tilings    // of the blocks of a row of weights, for 1, 2, ... groups
	rest    *Convolution // for the weights beyond the last whole block
}

// NewDense prepares the kernels for a layer.
func NewDense(in, out int, isa ISA) *Dense {
	d := &Dense{in: in, out: out, isa: isa}
	if isa == Portable || max(in, out, in*out/Lanes)*blockSize*groupsTogether > math.MaxInt32 {
		d.isa = Portable
		return d
	}
	// Weights pass by once per tile of groups: eight rows at a time suit them.
	together := max(2, isa.narrow())
	for n := 1; n <= together; n++ {
		d.forward = append(d.forward, isa.rowTiles(n, in, out))
		d.data = append(d.data, isa.rowTiles(n, out, in))
	}
	for n := 1; n <= groupsTogether; n++ {
		d.columns = append(d.columns, d.columnTiles(n))
	}
	if in%Lanes > 0 {
		d.rest = NewConvolution(Conv2d{C: in % Lanes, H: 1, W: 1, K: out, R: 1, S: 1, StrideH: 1, StrideW: 1, OutH: 1, OutW: 1}, isa)
	}
	return d
}

// rowTiles cuts n places that are `from` blocks apart in x and `to` blocks apart
// in y, with one tap.
func (s ISA) rowTiles(n, from, to int) tilings {
	places := make([]place, n)
	for i := range places {
		places[i] = place{y: i * to, base: i * from, taps: []int{0}}
	}
	return s.tilings(func(t *tiling, w widths) { t.add(places, []int{0}, w) })
}

// groupsTogether is how many groups of samples are added up before the result
// is stored. It is part of the definition of the sum.
const groupsTogether = 4

// columnTiles cuts the blocks of a row of weights, whose taps are the groups of
// samples.
func (d *Dense) columnTiles(groups int) tilings {
	whole := d.in / Lanes
	reach, taps := make([]int, groups), make([]int, groups)
	for g := range groups {
		reach[g], taps[g] = g*whole*Lanes, g
	}
	places := make([]place, whole)
	for i := range places {
		places[i] = place{y: i, base: i, taps: taps}
	}
	return d.isa.tilings(func(t *tiling, w widths) {
		t.add(places, reach, w)
		for i := range t.taps { // from the gradient of one group to the next
			t.taps[i].w *= int32(d.out * Lanes)
		}
	})
}

// Scratch is the number of floats WeightGradient needs.
func (d *Dense) Scratch() int {
	if d.isa == Portable {
		return 0
	}
	return groupsTogether * d.in / Lanes * Lanes * Lanes
}

// Forward computes the outputs o0..o1-1, see LinearForward.
func (d *Dense) Forward(y, x, w, bias []float32, groups, o0, o1 int) {
	if d.isa == Portable {
		for g := range groups {
			LinearForward(y[g*d.out*Lanes:], x[g*d.in*Lanes:], w, bias, d.in, o0, o1)
		}
		return
	}
	for g := 0; g < groups; g += len(d.forward) {
		p := product{
			isa: d.isa, tilings: d.forward[min(len(d.forward), groups-g)-1],
			y: y[g*d.out*Lanes:], x: x[g*d.in*Lanes:], w: w, bias: bias,
			terms: d.in, xStep: Lanes, wTerm: 1, wRow: d.in, yStep: Lanes, lo: o0, hi: o1,
		}
		p.compute()
	}
}

// DataGradient computes the features i0..i1-1, see LinearDataGradient.
func (d *Dense) DataGradient(dx, w, dy []float32, groups, i0, i1 int) {
	if d.isa == Portable {
		for g := range groups {
			LinearDataGradient(dx[g*d.in*Lanes:], w, dy[g*d.out*Lanes:], d.in, d.out, i0, i1)
		}
		return
	}
	for g := 0; g < groups; g += len(d.data) {
		p := product{
			isa: d.isa, tilings: d.data[min(len(d.data), groups-g)-1],
			y: dx[g*d.in*Lanes:], x: dy[g*d.out*Lanes:], w: w,
			terms: d.out, xStep: Lanes, wTerm: d.in, wRow: 1, yStep: Lanes, lo: i0, hi: i1,
		}
		p.compute()
	}
}

// WeightGradient adds onto the rows o0..o1-1 of dw, see LinearWeightGradient.
// The SIMD kernels put features instead of samples into the lanes, which needs
// the features transposed but no sum over lanes: samples are added one by one
// onto the result.
func (d *Dense) WeightGradient(dw, x, dy, scratch []float32, groups, o0, o1 int) {
	if d.isa == Portable {
		for g := range groups {
			LinearWeightGradient(dw, x[g*d.in*Lanes:], dy[g*d.out*Lanes:], d.in, o0, o1)
		}
		return
	}
	whole := d.in / Lanes * Lanes
	for g := 0; g < groups && whole > 0; g += groupsTogether {
		n := min(groupsTogether, groups-g)
		for j := range n {
			for i := 0; i < whole; i += Lanes {
				d.isa.transpose(scratch[j*whole*Lanes+i:], x[((g+j)*d.in+i)*Lanes:], whole, Lanes)
			}
		}
		p := product{
			isa: d.isa, tilings: d.columns[n-1], y: dw, x: scratch, w: dy[g*d.out*Lanes:], terms: Lanes, xStep: whole, wTerm: 1,
			wRow: Lanes, yStep: d.in, lo: o0, hi: o1, more: true,
		}
		p.compute()
	}
	if d.rest != nil {
		c := weightProduct{
			isa: d.isa, tiling: d.rest.weight, dw: dw[whole:], x: x[whole*Lanes:], dy: dy, xCol: 1, xRow: 1, dyRow: 1, dyChannel: 1,
			dwRow: d.in, groups: groups, xGroup: d.in * Lanes, dyGroup: d.out * Lanes, lo: o0, hi: o1,
		}
		c.compute()
	}
}
