package kernel

// Conv2d is the geometry of a convolution: C images of H x W become K images
// of OutH x OutW through kernels of R x S.
type Conv2d struct {
	C, H, W          int
	K, R, S          int
	StrideH, StrideW int
	Top, Left        int // padding before the first row and column
	OutH, OutW       int
}

// tap is one multiplication of a sum: the block of x and the element of w that
// are multiplied.
type tap struct{ x, w int }

// maxTaps bounds the list of taps on the stack; longer lists are worked off in
// pieces.
const maxTaps = 128

// Forward computes the output channels k0..k1-1 of one group:
//
//	y[k i j] = bias[k] + sum over c r s of w[k c r s] * x[c i*StrideH-Top+r j*StrideW-Left+s]
//
// bias may be nil.
func (g *Conv2d) Forward(y, x, w, bias []float32, k0, k1 int) {
	var buffer [maxTaps]tap
	image, plane := g.H*g.W, g.OutH*g.OutW
	for i := range g.OutH {
		for j := range g.OutW {
			pos := i*g.OutW + j
			for k := k0; k < k1; k++ {
				out, b := at(y, k*plane+pos), float32(0)
				if bias != nil {
					b = bias[k]
				}
				for l := range out {
					out[l] = b
				}
			}
			taps := buffer[:0]
			flush := func() {
				for k := k0; k < k1; k++ {
					multiplyAdd(at(y, k*plane+pos), x, w[k*g.C*g.R*g.S:], taps, g.C, image, g.R*g.S)
				}
				taps = taps[:0]
			}
			for r := range g.R {
				row := i*g.StrideH - g.Top + r
				if row < 0 || row >= g.H {
					continue
				}
				for s := range g.S {
					col := j*g.StrideW - g.Left + s
					if col < 0 || col >= g.W {
						continue
					}
					if taps = append(taps, tap{row*g.W + col, r*g.S + s}); len(taps) == maxTaps {
						flush()
					}
				}
			}
			flush()
		}
	}
}

// DataGradient computes the input channels c0..c1-1 of one group:
//
//	dx[c i j] = sum over k r s of w[k c r s] * dy[k (i+Top-r)/StrideH (j+Left-s)/StrideW]
//
// over the taps whose divisions leave no remainder and fall into the output.
func (g *Conv2d) DataGradient(dx, w, dy []float32, c0, c1 int) {
	var buffer [maxTaps]tap
	image, plane := g.H*g.W, g.OutH*g.OutW
	for i := range g.H {
		for j := range g.W {
			pos := i*g.W + j
			for c := c0; c < c1; c++ {
				*at(dx, c*image+pos) = block{}
			}
			taps := buffer[:0]
			flush := func() {
				for c := c0; c < c1; c++ {
					multiplyAdd(at(dx, c*image+pos), dy, w[c*g.R*g.S:], taps, g.K, plane, g.C*g.R*g.S)
				}
				taps = taps[:0]
			}
			for r := range g.R {
				row := i + g.Top - r
				if row < 0 || row%g.StrideH != 0 || row/g.StrideH >= g.OutH {
					continue
				}
				for s := range g.S {
					col := j + g.Left - s
					if col < 0 || col%g.StrideW != 0 || col/g.StrideW >= g.OutW {
						continue
					}
					taps = append(taps, tap{row/g.StrideH*g.OutW + col/g.StrideW, r*g.S + s})
					if len(taps) == maxTaps {
						flush()
					}
				}
			}
			flush()
		}
	}
}

// multiplyAdd adds, for each tap and c below channels,
// w[c*wStep+tap.w] * x[c*xStep+tap.x] onto the block y. Eight lanes at a time
// stay in registers.
func multiplyAdd(y *block, x, w []float32, taps []tap, channels, xStep, wStep int) {
	for _, t := range taps {
		dot((*[8]float32)(y[:8]), x[t.x*Lanes:], w[t.w:], channels, xStep*Lanes, wStep)
		dot((*[8]float32)(y[8:]), x[t.x*Lanes+8:], w[t.w:], channels, xStep*Lanes, wStep)
	}
}

// dot adds w[i*wStep] * x[i*xStep:][:8] onto a, for i below n.
func dot(a *[8]float32, x, w []float32, n, xStep, wStep int) {
	a0, a1, a2, a3, a4, a5, a6, a7 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
	for i, xi, wi := 0, 0, 0; i < n; i, xi, wi = i+1, xi+xStep, wi+wStep {
		f, b := w[wi], (*[8]float32)(x[xi:])
		a0 += float32(f * b[0])
		a1 += float32(f * b[1])
		a2 += float32(f * b[2])
		a3 += float32(f * b[3])
		a4 += float32(f * b[4])
		a5 += float32(f * b[5])
		a6 += float32(f * b[6])
		a7 += float32(f * b[7])
	}
	a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7] = a0, a1, a2, a3, a4, a5, a6, a7
}

// WeightGradient adds the gradient of one group onto the output channels
// k0..k1-1 of dw:
//
//	dw[k c r s] += sum over i j and lanes of x[c i*StrideH-Top+r j*StrideW-Left+s] * dy[k i j]
//
// Positions are added lane by lane in index order, lanes as addLanes does.
func (g *Conv2d) WeightGradient(dw, x, dy []float32, k0, k1 int) {
	image, plane := g.H*g.W*Lanes, g.OutH*g.OutW*Lanes
	for k := k0; k < k1; k++ {
		for c := range g.C {
			xc, dyk := x[c*image:(c+1)*image], dy[k*plane:(k+1)*plane]
			for r := range g.R {
				i0, i1 := span(r, g.StrideH, g.Top, g.H, g.OutH)
				for s := range g.S {
					j0, j1 := span(s, g.StrideW, g.Left, g.W, g.OutW)
					var sum block
					for i := i0; i < i1 && j0 < j1; i++ {
						row := i*g.StrideH - g.Top + r
						products(&sum, xc[(row*g.W+j0*g.StrideW-g.Left+s)*Lanes:], dyk[(i*g.OutW+j0)*Lanes:], j1-j0, g.StrideW)
					}
					dw[((k*g.C+c)*g.R+r)*g.S+s] += addLanes(&sum)
				}
			}
		}
	}
}

// span is the range of output positions whose tap t falls into the image.
func span(t, stride, before, size, out int) (lo, hi int) {
	lo = max(0, (before-t+stride-1)/stride)
	hi = min(out, (size-1+before-t)/stride+1)
	if size-1+before-t < 0 {
		hi = 0
	}
	return lo, max(lo, hi)
}

// products adds x[i*step]*y[i] onto the block sum for n blocks.
func products(sum *block, x, y []float32, n, step int) {
	for half := 0; half < Lanes; half += 8 {
		a := (*[8]float32)(sum[half:])
		a0, a1, a2, a3, a4, a5, a6, a7 := a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]
		for i, xi, yi := 0, half, half; i < n; i, xi, yi = i+1, xi+step*Lanes, yi+Lanes {
			b, c := (*[8]float32)(x[xi:]), (*[8]float32)(y[yi:])
			a0 += float32(b[0] * c[0])
			a1 += float32(b[1] * c[1])
			a2 += float32(b[2] * c[2])
			a3 += float32(b[3] * c[3])
			a4 += float32(b[4] * c[4])
			a5 += float32(b[5] * c[5])
			a6 += float32(b[6] * c[6])
			a7 += float32(b[7] * c[7])
		}
		a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7] = a0, a1, a2, a3, a4, a5, a6, a7
	}
}
