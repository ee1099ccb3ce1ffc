package reference

import (
	"fmt"
	"slices"

	"gradus/graph"
)

// Float64 is a copy of the current value of a state, before any rounding to
// float32; nil for a name no program declares.
func (e *Exec) Float64(state string) []float64 { return slices.Clone(e.states[state]) }

// CallFloat64 is Call with inputs, settings and outputs in float64. Bytes and
// integers are given as their float64 equals.
func (e *Exec) CallFloat64(name string, inputs map[string][]float64, settings map[string]float64) (map[string][]float64, error) {
	p, err := e.program(name)
	if err != nil {
		return nil, err
	}
	if err := p.feed(inputs, settings); err != nil {
		return nil, err
	}
	if err := p.run(0); err != nil {
		return nil, err
	}
	outputs := map[string][]float64{}
	for _, o := range p.Outputs {
		outputs[o.Name] = slices.Clone(p.values[o.Value].Data)
	}
	p.commit()
	return outputs, nil
}

// feed checks and copies the inputs of a single call.
func (p *program) feed(inputs map[string][]float64, settings map[string]float64) error {
	for name := range inputs {
		if _, ok := p.Input(name); !ok {
			return fmt.Errorf("input %s: expected a name the program declares, got an unknown one", name)
		}
	}
	for _, in := range p.Inputs {
		dst := p.values[in.Value].Data
		switch in.Feed {
		case graph.Sample, graph.Whole:
			if len(inputs[in.Name]) != len(dst) {
				return fmt.Errorf("input %s: expected %v, got %d elements", in.Name, p.Values[in.Value], len(inputs[in.Name]))
			}
			copy(dst, inputs[in.Name])
		case graph.Setting:
			if _, ok := settings[in.Name]; !ok {
				return fmt.Errorf("setting %s: expected a value, got none", in.Name)
			}
			dst[0] = settings[in.Name]
		case graph.Count:
			dst[0] = float64(p.Batch())
			if n, ok := settings[in.Name]; ok {
				dst[0] = n
			}
		}
	}
	return nil
}
