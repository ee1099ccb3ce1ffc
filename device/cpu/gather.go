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
		for l := copy(samples[:], r.order[min(g*kernel.Lanes, len(r.order)):]); l < len(samples); l++ {
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
}
