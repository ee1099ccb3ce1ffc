package kernel

// Pad2d is the geometry of a padding: C images of H x W become OutH x OutW, the
// element (i, j) moves to (i+Top, j+Left); what has no source is zero, what has
// no place is dropped.
type Pad2d struct {
	C, H, W    int
	Top, Left  int // negative crops
	OutH, OutW int
}

// Forward computes y for one group.
func (g *Pad2d) Forward(y, x []float32) {
	for c := range g.C {
		for i := range g.OutH {
			row := y[(c*g.OutH+i)*g.OutW*Lanes:][:g.OutW*Lanes]
			clear(row)
			from := i - g.Top
			if from < 0 || from >= g.H {
				continue
			}
			j0, j1 := max(0, g.Left), min(g.OutW, g.W+g.Left)
			if j0 < j1 {
				copy(row[j0*Lanes:j1*Lanes], x[((c*g.H+from)*g.W+j0-g.Left)*Lanes:])
			}
		}
	}
}
