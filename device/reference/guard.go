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
			return &device.NonFiniteError{Step: step, Value: p.name(id), Index: i, Got: data[i]}
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

// name is what a reader knows a value by: the output that shows it, the state
// it becomes, or the layer that computed it.
func (p *program) name(id graph.ID) string {
	for _, o := range p.Outputs {
		if o.Value == id {
			return o.Name
		}
	}
	for _, s := range p.States {
		if s.Out == id || s.In == id {
			return s.Name
		}
	}
	for _, n := range p.Nodes {
		if n.Out == id {
			if n.Path == "" {
				return n.Op.Name()
			}
			return n.Path
		}
	}
	for _, in := range p.Inputs {
		if in.Value == id {
			return in.Name
		}
	}
	return ""
}

func isNonFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }
