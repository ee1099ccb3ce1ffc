package cpu

import (
	"gradus/graph"
	"gradus/internal/kernel"
)

// gathering is an input whose samples are brought into their lanes, scaled while they
// are.
type gathering struct {
	input        int // of the program
	value        graph.ID
	features     int
	scale, shift float64
}

func (pl *plan) gathering(input int) gathering {
	id := pl.program.Inputs[input].Value
	g := gathering{input, id, features(pl.program.Values[id]), 1, 0}
	if o, ok := pl.scaled[input]; ok {
		g.scale, g.shift = o.Scale, o.Shift
	}
	return g
}

// gather brings some groups of samples into their lanes. Where there are fewer samples
// than lanes, the batch's first sample stands in: whatever is computed of it is as
// finite as the batch is.
func (r *runner) gather(w *worker, in *gathering, g0, g1 int) {
	out, n, data := r.view(w, in.value, g0, g1), in.features, &r.inputs[in.input]
	for g := g0; g < g1; g++ {
		group := out[(g-g0)*n*kernel.Lanes:][:n*kernel.Lanes]
		var samples [kernel.Lanes]int32
		for l := copy(samples[:], part(r.order, g, g+1)); l < len(samples); l++ {
			samples[l] = r.order[0]
		}
		if data.Uint8 != nil {
			r.isa.GatherBytes(group, data.Uint8, &samples, n, in.scale, in.shift)
			continue
		}
		if data.Int32 != nil {
			kernel.Gather(group, data.Int32, &samples, n)
		} else {
			kernel.Gather(group, data.Float32, &samples, n)
		}
		if in.scale != 1 || in.shift != 0 {
			r.isa.Affine(group, group, in.scale, in.shift)
		}
	}
	if data.Uint8 != nil {
		w.ahead = append(w.ahead, ahead{data.Uint8, part(r.next, g0, g1), n})
	}
}

// part is the samples of some groups.
func part(order []int32, g0, g1 int) []int32 {
	lo := min(g0*kernel.Lanes, len(order))
	return order[lo:min(g1*kernel.Lanes, len(order))]
}

// ahead is samples of bytes that the next step gathers.
type ahead struct {
	data     []byte
	samples  []int32
	features int
}

// prefetch asks for a share of what the next step gathers, where so many operations
// of this one are left. All at once is more than a core can wait for beside its work.
func (w *worker) prefetch(left int) {
	for i := range w.ahead {
		a := &w.ahead[i]
		n := (len(a.samples) + left - 1) / left
		kernel.Prefetch(a.data, a.samples[:n], a.features)
		a.samples = a.samples[n:]
	}
}
