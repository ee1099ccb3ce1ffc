package reference

import (
	"math"
	"slices"

	"gradus/device"
	"gradus/graph"
)

// nonFinite describes why the guard is not zero: by the first operand of the
// guard's node that holds a value that is not finite.
func (p *program) nonFinite(step int) error {
	for _, id := range p.guarded() {
		data := p.values[id].Data
		if i := slices.IndexFunc(data, isNonFinite); i >= 0 {
			e := &device.NonFiniteError{Step: step, Value: p.NameOf(id), Index: -1, Got: data[i]}
			if len(data) > 1 {
				e.Index = i
			}
			return e
		}
	}
	return &device.NonFiniteError{Step: step, Value: "the guard", Index: -1, Got: p.values[p.Guard].Data[0]}
}

// guarded are the values the guard looks at.
func (p *program) guarded() []graph.ID {
	for _, n := range p.Nodes {
		if n.Out == p.Guard {
			return n.In
		}
	}
	return nil
}

func isNonFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
