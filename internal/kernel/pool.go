package kernel

// Pool2d is the geometry of a pool: windows of R x S over C images of H x W.
type Pool2d struct {
	C, H, W          int
	R, S             int
	StrideH, StrideW int
	Top, Left        int
	OutH, OutW       int
	// ExcludePadding divides an average by the taps inside the image instead
	// of the window's size.
	ExcludePadding bool
}

// window is the rows and columns of the image under one output element, and
// what an average over them is divided by.
func (g *Pool2d) window(i, j int) (i0, i1, j0, j1 int, divisor float32) {
	top, left := i*g.StrideH-g.Top, j*g.StrideW-g.Left
	i0, i1 = max(0, top), min(g.H, top+g.R)
	j0, j1 = max(0, left), min(g.W, left+g.S)
	rows, cols := g.R, g.S
	if g.ExcludePadding {
		rows, cols = max(0, i1-i0), max(0, j1-j0)
	}
	return i0, i1, j0, j1, float32(rows * cols)
}

// Average computes y = (sum over the window of x) / divisor for one group.
func (g *Pool2d) Average(y, x []float32) {
	for c := range g.C {
		for i := range g.OutH {
			for j := range g.OutW {
				i0, i1, j0, j1, divisor := g.window(i, j)
				var sum block
				for row := i0; row < i1; row++ {
					for col := j0; col < j1; col++ {
						b := at(x, (c*g.H+row)*g.W+col)
						for l := range sum {
							sum[l] += b[l]
						}
					}
				}
				out := at(y, (c*g.OutH+i)*g.OutW+j)
				for l := range sum {
					out[l] = sum[l] / divisor
				}
			}
		}
	}
}

// AverageGradient computes dx: every input element gets dy/divisor of each
// window it is in, in index order of the windows.
func (g *Pool2d) AverageGradient(dx, dy []float32) {
	clear(dx[:g.C*g.H*g.W*Lanes])
	for c := range g.C {
		for i := range g.OutH {
			for j := range g.OutW {
				i0, i1, j0, j1, divisor := g.window(i, j)
				share := *at(dy, (c*g.OutH+i)*g.OutW+j)
				for l := range share {
					share[l] /= divisor
				}
				for row := i0; row < i1; row++ {
					for col := j0; col < j1; col++ {
						b := at(dx, (c*g.H+row)*g.W+col)
						for l := range share {
							b[l] += share[l]
						}
					}
				}
			}
		}
	}
}

// Max computes y = the largest element of the window, NaN if it has one.
func (g *Pool2d) Max(y, x []float32) {
	for c := range g.C {
		for i := range g.OutH {
			for j := range g.OutW {
				out := at(y, (c*g.OutH+i)*g.OutW+j)
				for l := range out {
					out[l] = x[g.winner(x, c, i, j, l)*Lanes+l]
				}
			}
		}
	}
}

// MaxGradient adds dy onto the winner of each window; dx is overwritten.
func (g *Pool2d) MaxGradient(dx, x, dy []float32) {
	clear(dx[:g.C*g.H*g.W*Lanes])
	for c := range g.C {
		for i := range g.OutH {
			for j := range g.OutW {
				d := at(dy, (c*g.OutH+i)*g.OutW+j)
				for l := range d {
					dx[g.winner(x, c, i, j, l)*Lanes+l] += d[l]
				}
			}
		}
	}
}

// winner is the block of x that holds the largest element of a window in lane
// l: the first of equal ones, and the first NaN before any number.
func (g *Pool2d) winner(x []float32, c, i, j, l int) int {
	i0, i1, j0, j1, _ := g.window(i, j)
	best := (c*g.H+i0)*g.W + j0
	for row := i0; row < i1; row++ {
		for col := j0; col < j1; col++ {
			k := (c*g.H+row)*g.W + col
			b, v := x[best*Lanes+l], x[k*Lanes+l]
			if b == b && (v > b || v != v) {
				best = k
			}
		}
	}
	return best
}
